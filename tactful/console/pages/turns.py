"""`/console/turns/…`: one conversation a screen, reviewed at one of its turns, then the next."""

from typing import Annotated, Any
from urllib.parse import urlencode

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from tactful.console.filters import Filter
from tactful.console.intents import intents, meant, title_of
from tactful.console.pages.queues import Asked, Number, Reviewer, as_words, open_again, resolver
from tactful.console.queues import ABOUT
from tactful.console.rendering import back, page, say
from tactful.console.staff import Role, Staff
from tactful.console.transcripts import Transcript
from tactful.errors import BadRequest, Conflict
from tactful.web.session import Tactful

router = APIRouter(prefix="/console", include_in_schema=False)
FINISHED = "/console/finished"


@router.get("/review")
async def begin(request: Request, tactful: Tactful, staff: Reviewer, asked: Asked, below: Number = None) -> Response:
    """Open the next turn of a filter for this reviewer."""
    return await _go_on(request, tactful, staff, asked, below)


@router.get("/finished")
async def finished(request: Request, tactful: Tactful, staff: Reviewer, asked: Asked) -> Response:
    """Nothing is left of a filter."""
    last = _number(request.query_params.get("last"))
    return page(request, "finished.html", asked=asked, words=as_words(asked), last=last)


@router.get("/conversations/{conversation_id}")
async def conversation(tactful: Tactful, staff: Reviewer, conversation_id: str) -> Response:
    """A conversation at its last turn."""
    turn_id = await to_thread.run_sync(tactful.transcripts.turn_of, conversation_id)
    return back(f"/console/turns/{turn_id}#now")


@router.get("/turns/{turn_id}")
async def show(request: Request, tactful: Tactful, staff: Reviewer, asked: Asked, turn_id: int) -> Response:
    """The transcript. Whoever opens it has the turn for a while; that it was read is audited."""

    def look() -> dict[str, Any]:
        transcript = tactful.transcripts.open(turn_id, staff.id, resolver=resolver(staff))
        free = tactful.reviews.reserve(turn_id, staff.id)
        return {
            "transcript": transcript,
            "free": free,
            "names": _names(tactful, transcript),
            "colleagues": tactful.accounts.names(),
            "known_labels": tactful.notes.known_labels(),
            "position": tactful.desk.count(open_again(asked), staff.id),
        }

    last = _number(request.query_params.get("last"))
    return page(
        request, "turn.html", asked=asked, words=as_words(asked), last=last, **_common(tactful, staff),
        **await to_thread.run_sync(look),
    )  # fmt: skip


@router.post("/turns/{turn_id}/verdict")
async def judge(
    request: Request,
    tactful: Tactful,
    staff: Reviewer,
    asked: Asked,
    turn_id: int,
    intent: Annotated[str, Form(max_length=80)] = "",
    none: Annotated[bool, Form()] = False,
) -> Response:
    """Send a verdict and go on to the next turn."""
    found = None if none else meant(tactful.settings.project, intent)
    if not none and found is None:
        return back(_turn(turn_id, asked), "No intent, or more than one, is called so. Choose one from the list.")
    try:
        state = await to_thread.run_sync(
            lambda: tactful.reviews.judge(turn_id, staff.id, found, may_resolve=resolver(staff))
        )
    except Conflict as refusal:
        return back(_turn(turn_id, asked), str(refusal))
    told = title_of(found) if found else "No intent fits"
    left = {"disputed": " A colleague saw it differently: it goes to a resolver."}.get(state, "")
    return await _go_on(request, tactful, staff, asked, turn_id, f"{told}.{left}", last=turn_id)


@router.post("/turns/{turn_id}/undo")
async def undo(tactful: Tactful, staff: Reviewer, asked: Asked, turn_id: int) -> Response:
    """Take one's own verdict back, and look at the turn again."""
    await to_thread.run_sync(tactful.reviews.undo, turn_id, staff.id)
    return back(_turn(turn_id, asked), "Your verdict is taken back.")


@router.post("/turns/{turn_id}/reopen")
async def reopen(tactful: Tactful, staff: Reviewer, asked: Asked, turn_id: int) -> Response:
    await to_thread.run_sync(tactful.reviews.reopen, turn_id, staff.id)
    return back(_turn(turn_id, asked), "It is open again.")


@router.post("/turns/{turn_id}/flag")
async def flag(
    request: Request, tactful: Tactful, staff: Reviewer, turn_id: int, on: Annotated[bool, Form()] = True
) -> Response:
    await to_thread.run_sync(tactful.reviews.flag, turn_id, staff.id, on)
    told = "Flagged for a second look." if on else "No longer flagged."
    return say(await _toolbar(request, tactful, staff, turn_id), told)


@router.post("/turns/{turn_id}/notes")
async def note(
    request: Request, tactful: Tactful, staff: Reviewer, turn_id: int, text: Annotated[str, Form(max_length=4000)] = ""
) -> Response:
    """Keep a note; what is personal in it is hidden first."""
    await tactful.notes.add(await _conversation(tactful, turn_id), staff.id, text)
    return say(await _about(request, tactful, turn_id), "The note is kept.")


@router.post("/turns/{turn_id}/notes/{note_id}/remove")
async def remove_note(request: Request, tactful: Tactful, staff: Reviewer, turn_id: int, note_id: str) -> Response:
    conversation_id = await _conversation(tactful, turn_id)
    words = await to_thread.run_sync(tactful.notes.remove, conversation_id, note_id, staff.id)
    return say(await _about(request, tactful, turn_id, words), "The note is removed. Its words wait below.")


@router.post("/turns/{turn_id}/labels")
async def label(
    request: Request, tactful: Tactful, staff: Reviewer, turn_id: int, name: Annotated[str, Form(max_length=60)] = ""
) -> Response:
    name = await tactful.notes.label(await _conversation(tactful, turn_id), name, staff.id)
    return say(await _about(request, tactful, turn_id), f"Labelled: {name}.")


@router.post("/turns/{turn_id}/labels/remove")
async def unlabel(
    request: Request, tactful: Tactful, staff: Reviewer, turn_id: int, name: Annotated[str, Form(max_length=60)]
) -> Response:
    conversation_id = await _conversation(tactful, turn_id)
    await to_thread.run_sync(tactful.notes.unlabel, conversation_id, name)
    return say(await _about(request, tactful, turn_id), "The label is off.")


@router.post("/turns/{turn_id}/assign")
async def assign(
    request: Request, tactful: Tactful, staff: Reviewer, turn_id: int, to: Annotated[str, Form(max_length=32)] = ""
) -> Response:
    """Give the conversation to a colleague, to oneself, or to nobody."""
    names = await to_thread.run_sync(tactful.accounts.names)
    if to and to not in names:
        raise BadRequest("There is no such colleague.")
    conversation_id = await _conversation(tactful, turn_id)
    await to_thread.run_sync(lambda: tactful.notes.assign(conversation_id, to or None, staff.id))
    told = f"{names[to]} takes care of it." if to else "Nobody is assigned now."
    return say(await _about(request, tactful, turn_id), told)


async def _conversation(tactful: Tactful, turn_id: int) -> str:
    turn = await to_thread.run_sync(tactful.transcripts.turn, turn_id, "")
    return str(turn.row["conversation_id"])


async def _about(request: Request, tactful: Tactful, turn_id: int, draft: str = "") -> Response:
    """The part of the page with notes, labels and who takes care."""

    def look() -> dict[str, Any]:
        noted, named, given = tactful.transcripts.about(turn_id)
        people = [note["author"] for note in noted] + ([given] if given else [])
        return {"notes": noted, "labels": named, "assignee": given, "names": tactful.accounts.names(people)}

    colleagues = await to_thread.run_sync(tactful.accounts.names)
    known = await to_thread.run_sync(tactful.notes.known_labels)
    return page(
        request, "_about.html", turn_id=turn_id, draft=draft, colleagues=colleagues, known_labels=known,
        **await to_thread.run_sync(look),
    )  # fmt: skip


async def _toolbar(request: Request, tactful: Tactful, staff: Staff, turn_id: int) -> Response:
    turn = await to_thread.run_sync(lambda: tactful.transcripts.turn(turn_id, staff.id, resolver=resolver(staff)))
    return page(request, "_toolbar.html", turn=turn, asked=Filter.of(request.query_params), **_common(tactful, staff))


def _common(tactful: Tactful, staff: Staff) -> dict[str, Any]:
    return {
        "intents": intents(tactful.settings.project),
        "title_of": title_of,
        "queues": ABOUT,
        "entities": tactful.policy.entities,
        "attributes": tactful.policy.attributes,
        "needed": tactful.reviews.needed,
        "resolves": resolver(staff),
        "trains": staff.may(Role.TRAINER),
    }


def _names(tactful: Tactful, transcript: Transcript) -> dict[str, str]:
    people = {note["author"] for note in transcript.notes} | {each.reviewer for each in transcript.turn.judgements}
    return tactful.accounts.names([*people, *([transcript.assignee] if transcript.assignee else [])])


async def _go_on(
    request: Request, tactful: Tactful, staff: Staff, asked: Filter, below: int | None, told: str = "", last: int = 0
) -> Response:
    """To the next turn of the filter, below this one or, at the end, again from its top."""

    def following() -> int | None:
        here = asked if asked.state == "disputed" else open_again(asked)
        found = tactful.desk.next(here, staff.id, below)
        return found if found is not None or below is None else tactful.desk.next(here, staff.id)

    found = await to_thread.run_sync(following)
    if found is None:
        query = asked.asdict() | ({"last": str(last)} if last else {})
        return back(f"{FINISHED}?{urlencode(query)}", told)
    return back(_turn(found, asked, last), told)


def _turn(turn_id: int, asked: Filter, last: int = 0) -> str:
    query = urlencode(asked.asdict() | ({"last": str(last)} if last else {}))
    return f"/console/turns/{turn_id}{'?' if query else ''}{query}#now"


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0
