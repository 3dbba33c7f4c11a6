"""Roles in words, and what `character share` asks about them. Pure."""

from tzurot.flow.kinds import persons, telling
from tzurot.flow.kinds.character_fields import VISIBILITIES
from tzurot.flow.views import Action, Asks, Choice, Field, Item, Style, View
from tzurot.personality.sharing.shares import Given
from tzurot.personality.sharing.sharing import Access, Role

BACK = Action("back", "Back")
LEAVE = Action("give_up", "Give it up", Style.DANGER)
TAKE = Action("take", "Take it away", Style.DANGER)

_ROLES = (
    Choice("user", "User", "Talks with it, unless it is private."),
    Choice("viewer", "Viewer", "Co-owner: talks with it even if it is private, and reads all."),
    Choice("editor", "Editor", "Co-owner: changes all but who sees it; can't delete it."),
    Choice("blocked", "Blocked", "Does not see it any more, whoever else may."),
)
_MEANS = {choice.value: choice.description for choice in _ROLES}
_CAN = {
    Role.USER: "may talk with it now, unless it is private",
    Role.VIEWER: "co-owns it now and reads all of it",
    Role.EDITOR: "co-owns it now and may change it",
    Role.BLOCKED: "does not see it any more",
}
_VISIBLE = {it.value: f"{it.label}: {it.description}" for it in VISIBILITIES}
_READ = "Whoever may talk with it may read its definition."
_UNREAD = "Only co-owners read its definition."
_PRIVATE = "It is private: only co-owners find it. Under **Visibility** it can be shared."


def called(given: Given) -> str:
    """A person's name, or their subject."""
    return given.name or given.subject


def meaning(role: Role) -> str:
    """What a role is, in a sentence."""
    return f"{role.name.lower()}. {_MEANS[role.name.lower()]}"


def can(role: Role) -> str:
    """What goes on after a person's name who was just given the role."""
    return _CAN[role]


def warning(found: Access, role: Role) -> str:
    """Why a role that was given does nothing yet."""
    private = found.personality.visibility == "private"
    return _PRIVATE if role is Role.USER and private else ""


def standing(found: Access) -> str:
    """Who sees a character, and what the person who looks may do."""
    one = found.personality
    parts = [
        f"`{one.slug}`. {_VISIBLE.get(one.visibility, one.visibility)}",
        _READ if one.definition_visible else _UNREAD,
    ]
    if not found.owns:
        parts.append(f"Your role is {meaning(found.role)}")
    return "\n".join(parts)


def item(given: Given, *, chosen: bool) -> Item:
    """A line of the list; it can be chosen if the person may change it."""
    name = called(given)
    subject = given.subject if given.subject != name else ""
    parts = (given.role.name.lower(), subject, f"since {telling.when(given.create_time)}")
    return Item(name, " · ".join(it for it in parts if it), key=str(given.id) if chosen else "")


def role_field(role: Role = Role.USER) -> Field:
    """Asks for a role."""
    value = role.name.lower()
    return Field("role", "Role", Asks.CHOICE, values=(value,), choices=_ROLES, required=True)


def fields(found: Access, person: str) -> tuple[Field, ...]:
    """What an owner is asked."""
    one = found.personality
    return (
        persons.field(person),
        role_field(),
        Field(
            "visibility",
            "Visibility",
            Asks.CHOICE,
            "Who may find it and talk with it.",
            values=(one.visibility,),
            choices=VISIBILITIES,
            required=True,
        ),
        Field(
            "definition_visible",
            "May they read its definition?",
            Asks.BOOLEAN,
            "Its card, its lorebooks and its documents.",
            values=("true" if one.definition_visible else "false",),
        ),
    )


def actions(found: Access) -> tuple[Action, ...]:
    """What the person may do with the list."""
    if not found.owns:
        return (Action("leave", "Give up your role", Style.DANGER),)
    return (
        Action("give", "Give a role", Style.PRIMARY, asks=(persons.KEY, "role")),
        Action("visibility", "Visibility", asks=("visibility", "definition_visible")),
    )


def mark(found: Access) -> str:
    """What must still be so when the form of the visibility is answered."""
    return f"{found.personality.visibility} {found.personality.definition_visible}"


def question(title: str, yes: Action) -> View:
    """Whether to do what takes somebody's role."""
    body = "Whoever owns the character can give it again."
    return View(title, body, actions=(BACK, yes))
