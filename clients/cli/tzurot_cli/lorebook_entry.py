"""`tzurot lorebook entry`: what a lorebook tells, piece by piece."""

from typing import Annotated
from uuid import uuid4

import typer

from tzurot_cli import moving_in
from tzurot_cli.calling import Json, call
from tzurot_cli.console import as_json, clean, show_fields, show_json
from tzurot_cli.failing import CommandFailed
from tzurot_cli.lorebook_fields import (
    Clear,
    Constant,
    Content,
    Cooldown,
    Delay,
    DelayRecursion,
    Depth,
    Enabled,
    ExcludeRecursion,
    Group,
    GroupOverride,
    GroupScoring,
    GroupWeight,
    IgnoreBudget,
    Key,
    LogicOption,
    MatchCase,
    Name,
    Order,
    Outlet,
    Patterns,
    Place,
    PreventRecursion,
    Priority,
    Probability,
    Role,
    ScanDepth,
    SecondKey,
    Sticky,
    WholeWords,
    filled,
    given,
    lines_of,
)
from tzurot_client import Client
from tzurot_client.gen.google.protobuf import FieldMask
from tzurot_client.gen.tzurot.personality.v1 import (
    CreateLorebookEntryRequest,
    DeleteLorebookEntryRequest,
    GetLorebookRequest,
    LorebookEntry,
    LorePlace,
    PromptRole,
    SecondaryLogic,
    UpdateLorebookEntryRequest,
)

app = typer.Typer(help="Entries of lorebooks.", no_args_is_help=True)


BookId = Annotated[str, typer.Argument(metavar="LOREBOOK_ID", help="As `lorebook list` shows it.")]
EntryId = Annotated[str, typer.Argument(metavar="ENTRY_ID", help="As `lorebook show` shows it.")]


@app.command("add")
def add(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    book: BookId,
    content: Content = None,
    key: Key = None,
    second_key: SecondKey = None,
    logic: LogicOption = None,
    name: Name = None,
    enabled: Enabled = None,
    constant: Constant = None,
    patterns: Patterns = None,
    match_case: MatchCase = None,
    whole_words: WholeWords = None,
    scan_depth: ScanDepth = None,
    order: Order = None,
    priority: Priority = None,
    place: Place = None,
    depth: Depth = None,
    role: Role = None,
    outlet: Outlet = None,
    probability: Probability = None,
    sticky: Sticky = None,
    cooldown: Cooldown = None,
    delay: Delay = None,
    group: Group = None,
    group_weight: GroupWeight = None,
    group_override: GroupOverride = None,
    group_scoring: GroupScoring = None,
    exclude_recursion: ExcludeRecursion = None,
    prevent_recursion: PreventRecursion = None,
    delay_until_recursion: DelayRecursion = None,
    ignore_budget: IgnoreBudget = None,
    json: Json = False,
) -> None:
    """Add an entry at the end of a lorebook."""
    fields = given(
        content=content,
        keys=key,
        secondary_keys=second_key,
        logic=SecondaryLogic[logic.name] if logic else None,
        name=name,
        enabled=enabled,
        constant=constant,
        use_regex=patterns,
        case_sensitive=match_case,
        match_whole_words=whole_words,
        scan_depth=scan_depth,
        insertion_order=order,
        priority=priority,
        place=LorePlace[place.name] if place else None,
        depth=depth,
        role=PromptRole[role.name] if role else None,
        outlet=outlet,
        probability=probability,
        sticky=sticky,
        cooldown=cooldown,
        delay=delay,
        group=group,
        group_weight=group_weight,
        group_override=group_override,
        use_group_scoring=group_scoring,
        exclude_recursion=exclude_recursion,
        prevent_recursion=prevent_recursion,
        delay_until_recursion=delay_until_recursion,
        ignore_budget=ignore_budget,
    )
    request = CreateLorebookEntryRequest(
        lorebook_id=book, entry=filled(fields), request_id=str(uuid4())
    )
    made = call(context, lambda client: client.lorebook.create_lorebook_entry(request))
    _show(made.entry, json=json)


@app.command("edit")
def edit(  # noqa: PLR0913, PLR0917  one option for each field of the contract
    context: typer.Context,
    entry: EntryId,
    content: Content = None,
    key: Key = None,
    second_key: SecondKey = None,
    logic: LogicOption = None,
    name: Name = None,
    enabled: Enabled = None,
    constant: Constant = None,
    patterns: Patterns = None,
    match_case: MatchCase = None,
    whole_words: WholeWords = None,
    scan_depth: ScanDepth = None,
    order: Order = None,
    priority: Priority = None,
    place: Place = None,
    depth: Depth = None,
    role: Role = None,
    outlet: Outlet = None,
    probability: Probability = None,
    sticky: Sticky = None,
    cooldown: Cooldown = None,
    delay: Delay = None,
    group: Group = None,
    group_weight: GroupWeight = None,
    group_override: GroupOverride = None,
    group_scoring: GroupScoring = None,
    exclude_recursion: ExcludeRecursion = None,
    prevent_recursion: PreventRecursion = None,
    delay_until_recursion: DelayRecursion = None,
    ignore_budget: IgnoreBudget = None,
    clear: Clear = None,
    json: Json = False,
) -> None:
    """Change what is given of an entry; keys that are given take the place of the old ones."""
    fields = given(
        content=content,
        keys=key,
        secondary_keys=second_key,
        logic=SecondaryLogic[logic.name] if logic else None,
        name=name,
        enabled=enabled,
        constant=constant,
        use_regex=patterns,
        case_sensitive=match_case,
        match_whole_words=whole_words,
        scan_depth=scan_depth,
        insertion_order=order,
        priority=priority,
        place=LorePlace[place.name] if place else None,
        depth=depth,
        role=PromptRole[role.name] if role else None,
        outlet=outlet,
        probability=probability,
        sticky=sticky,
        cooldown=cooldown,
        delay=delay,
        group=group,
        group_weight=group_weight,
        group_override=group_override,
        use_group_scoring=group_scoring,
        exclude_recursion=exclude_recursion,
        prevent_recursion=prevent_recursion,
        delay_until_recursion=delay_until_recursion,
        ignore_budget=ignore_budget,
    )
    paths = [*fields, *(field.replace("-", "_") for field in clear or ())]
    if not paths:
        raise CommandFailed("Nothing to change: give one of --content, --key, --place, ….")
    request = UpdateLorebookEntryRequest(
        entry_id=entry, entry=filled(fields), update_mask=FieldMask(paths=paths)
    )
    changed = call(context, lambda client: client.lorebook.update_lorebook_entry(request))
    _show(changed.entry, json=json)


@app.command("show")
def show(
    context: typer.Context,
    book: BookId,
    entry: Annotated[
        str, typer.Argument(metavar="ENTRY", help="Its id, or its number in the lorebook.")
    ],
    json: Json = False,
) -> None:
    """Show all that an entry says."""

    async def found(client: Client) -> LorebookEntry | None:
        shown = (await client.lorebook.get_lorebook(GetLorebookRequest(lorebook_id=book))).lorebook
        entries = shown.entries if shown else []
        return next((it for it in entries if entry in (it.id, str(it.position))), None)

    if (wanted := call(context, found)) is None:
        raise CommandFailed(
            f"There is no entry {clean(entry)} in it: `tzurot lorebook show` shows them."
        )
    _show(wanted, json=json)


@app.command("remove")
def remove(
    context: typer.Context, entry: EntryId, yes: moving_in.Yes = False, json: Json = False
) -> None:
    """Take an entry out of its lorebook."""
    if not yes:
        typer.confirm("Remove it?", abort=True)
    request = DeleteLorebookEntryRequest(entry_id=entry)
    call(context, lambda client: client.lorebook.delete_lorebook_entry(request))
    if json:
        show_json({})
        return
    typer.echo("It is removed.")


def _show(shown: LorebookEntry | None, *, json: bool) -> None:
    shown = shown or LorebookEntry()
    if json:
        show_json({"entry": as_json(shown)})
        return
    show_fields(lines_of(shown))
