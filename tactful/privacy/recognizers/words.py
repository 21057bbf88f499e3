"""Words that are no names, however they are written: chat words, words of the trade, places, months, products."""

from tactful.privacy.lexicon import folded, known

_CHAT = """a about above actually after again all almost already also always am an and any anyone anything are around as ask asking at away
back bad be because been before being best better between big both but by bye can cannot cant cheers clear come coming completely confused correct could cool
currently customer damn dear did didnt different do does doesnt doing done dont down each early either else english enough even ever every everyone everything exactly excellent
fed few fine first for free french friday from fully get getting give giving glad go goes going gonna good got great guest guys had half happy has hate have having he hello help
hello her here hey hi him his hiya how however hun i if im in interested into is isnt it its ive just keep kind know last late later leave leaving let like little live living locked long looking
lost lot love mad madam mainly many mate maybe me mean mine miss monday more morning most mostly much must my myself need needed never new newbie next nice night no nobody none nope not nothing now
of off often ok okay old on once one only open or other our out over own pay paying perfect person planning please possible pretty probably problem quite rather ready really right running sad same
saturday saying see seems send sending set she should show sick since skip pass sir so some somebody someone something sometimes soon sorry still stuck stupid such sunday super supposed sure take taking talk
team tell thank thanks that thats the their them then there these they thing think this those thursday thrilled tired to today together told tomorrow tonight too total totally travel traveling travelling try trying
tuesday two unable under understand unhappy until up upset urgent us use used user using very via visiting wait waiting want wanted wants was wasnt we wednesday week well went were what whats when where which
while who whole why will willing wish with without wondering wont work working worried would wrong yeah yep yes yesterday yet you your yours yourself zero okey hai nope nah yup ya yah hii lol omg wtf pls plz thx ty np btw asap fyi idk haha
afternoon evening everybody folks friend friends there bot assistant agent human support service sales operator representative manager staff guys sir madam all available away lost bored curious busy"""
_TRADE = """account accounts address airline airport api app balance bank bill billing boarding book booked booking bookings budget cancel cancelled card cards change charge charged check checked
checkin city client code company confirmation connection credit date day days delay delayed departure destination developer developers discount dollar dollars email endpoint error euro euros expert experienced family fee fees flight
flights fly flying gate go green hotel hotels id invoice invoices json key keys kids landing login luggage baggage mail map message messages method mobile model money month months name names newcomer number numbers oauth object order orders page
password passport passenger passengers payment payments phone plan plans plane platform please policy post premium price prices profile python javascript java node typescript ruby golang rust php request requests response refund refunds reservation restaurant return room sandbox
schedule sdk seat seats secret server sign signature signup software status subscriber subscription subscriptions support system team test tester testing ticket tickets time times token tokens tour train travel traveler traveller travellers trip trips
tv upgrade url user username vegan vegetarian visa visas voucher webhook webhooks website weekend wifi year years wayfare explorer nomad studio rasa presidio tactful slack github google amazon apple microsoft whatsapp facebook instagram paypal visa mastercard amex netflix uber airbnb
hiking beach museums museum nightlife history nature skiing diving cycling architecture music wildlife wellness shopping photography sailing surfing halal kosher wheelchair solo couple relaxed balanced packed"""
_TIMES = """january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun spring summer autumn fall winter easter christmas xmas noon midnight am pm"""
_PLACES = """amsterdam athens atlanta austin bali bangkok barcelona beijing belgium berlin bologna boston brazil brussels budapest cairo california canada cancun chicago china copenhagen croatia cuba cyprus dallas delhi denver
dubai dublin edinburgh egypt england europe finland florence florida france frankfurt geneva georgia germany glasgow greece hamburg havana hawaii helsinki houston hungary iceland india indonesia ireland israel istanbul italy japan jordan kenya kyoto
lagos lima lisbon london lyon madeira madrid malaga malta manchester marrakech melbourne mexico miami milan montreal morocco moscow mumbai munich nairobi naples nepal netherlands nice norway orlando osaka oslo paris peru philadelphia phoenix poland porto portland portugal
prague reykjavik riga rome sacramento santorini scotland seattle seoul seville shanghai sicily singapore spain stockholm sweden switzerland sydney taiwan tallinn texas thailand tokyo toronto tunisia turin turkey uk ukraine usa valencia vancouver venice vienna vietnam
vegas warsaw washington york zagreb zanzibar zurich angeles francisco africa asia america australia austria san los las santa st"""

# What customers begin with who write in another language: no names either.
_ABROAD = """ich wir sie mein meine wohne wohnen heisse heiße adresse strasse bitte danke hallo guten tag je nous mon ma habite habitons adresse bonjour merci yo vivo vivimos mi direccion
dirección hola gracias por favor abito abitiamo mio mia indirizzo ciao grazie ik wij mijn woon wonen adres hallo dank eu moro minha meu endereço olá obrigado obrigada jag bor hej tack"""

CHAT, TRADE, TIMES, PLACES, ABROAD = (frozenset(words.split()) for words in (_CHAT, _TRADE, _TIMES, _PLACES, _ABROAD))
NOT_NAMES = CHAT | TRADE | TIMES | PLACES | ABROAD


def is_word(word: str) -> bool:
    """Whether it is a common English word or one of ours: such a word alone is no name."""
    return folded(word) in NOT_NAMES or 0 < known(word).word <= 2
