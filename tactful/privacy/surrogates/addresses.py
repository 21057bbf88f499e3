"""Street addresses: another number, another street, the same pieces in the same order."""

import re

from tactful.privacy.surrogates.draw import Draw
from tactful.privacy.surrogates.shape import cased, scrambled

_TOKEN = re.compile(r"\w+")
_ENDINGS = tuple(
    """straße strasse str weg platz gasse allee ring damm ufer straat laan plein gracht kade katu tie gatan gata vägen
    väg vejen vej gade veien vei utca""".split()
)
_PIECES = frozenset(
    """street st avenue ave av road rd lane ln drive dr boulevard blvd court ct place pl square sq way terrace ter
    parkway pkwy highway hwy circle cir trail trl loop row close crescent cres grove mews hill gardens gdns walk rise
    apt apartment suite ste unit floor fl flat room rm building bldg block house no number p o po box rural route
    n s e w ne nw se sw north south east west upper lower old new saint
    straße strasse str weg platz gasse allee ring am an der den dem im in zur zum auf
    rue chemin impasse quai cours allée place boulevard passage bis de du des la le les l d
    calle avenida avda av plaza paseo carrera camino carretera piso puerta del el los las y
    via viale piazza corso vicolo largo strada interno scala di da della delle dei
    rua travessa alameda do dos das e u utca út ulica and
    straat laan plein gracht kade weg van het ter ten
    usa us uk city state zip""".split()
)


def street_address(value: str, draw: Draw) -> str:
    """Words that only say which piece it is (street, apt, rue, straße) stay; names and numbers change."""
    return _TOKEN.sub(lambda found: _piece(found[0], draw), value)


def _piece(token: str, draw: Draw) -> str:
    if any(character.isdecimal() for character in token):
        made = scrambled(token, draw)
        return (draw.pick("123456789") + made[1:]) if made[0] == "0" and token[0] != "0" else made
    if token.lower() in _PIECES or (len(token) == 2 and token.isupper()):
        return token
    ending = next((each for each in _ENDINGS if token.lower().endswith(each)), "")
    stem = token[: len(token) - len(ending)]
    return cased(draw.name("last", stem), stem) + token[len(stem) :]
