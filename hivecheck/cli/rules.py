"""`hivecheck rules` and `hivecheck explain`: the catalogue of rules, and one rule's page."""

from typing import TYPE_CHECKING, Annotated

import typer

from hivecheck.cli.exits import Exit
from hivecheck.cli.options import Json, NoColor, Severity

if TYPE_CHECKING:
    from hivecheck.rules.rule import Rule

_TechniqueId = Annotated[
    str | None,
    typer.Option("--technique", metavar="T1234", help="Only those of this ATT&CK technique.", show_default=False),
]
_Worst = Annotated[
    Severity | None,
    typer.Option("--severity", help="Only those whose worst finding is of this severity.", show_default=False),
]
_Family = Annotated[
    str | None, typer.Option("--family", metavar="NAME", help="Only those of this family.", show_default=False)
]


def rules_command(
    json: Json = None,
    technique: _TechniqueId = None,
    severity: _Worst = None,
    family: _Family = None,
    no_color: NoColor = False,
) -> int:
    """List the rules by which findings are made."""
    from hivecheck.cli.output import terminal_paper, write_text
    from hivecheck.errors import UsageError
    from hivecheck.report.rules_listing import write_rules, write_rules_document
    from hivecheck.rules.catalog import RULES

    families = dict.fromkeys(rule.family for rule in RULES)
    if family is not None and family not in families:
        raise UsageError(f"no such family of rules: {family}", hint=f"Known: {', '.join(families)}.")
    chosen = [
        rule
        for rule in RULES
        if (technique is None or any(_is_of(id, technique.upper()) for id in rule.techniques))
        and (severity is None or rule.severity.value == severity.value)
        and (family is None or rule.family == family)
    ]
    if json is not None:
        write_text(json, write_rules_document(chosen), ())
    else:
        paper = terminal_paper(no_color)
        write_rules(chosen, paper)
        print(paper.text(), end="")
    return Exit.OK


def _is_of(id: str, technique: str) -> bool:
    """Whether it is the technique, by its old or its newer id, or one of its sub-techniques."""
    from hivecheck.rules.attack import technique as named

    return any(one == technique or one.startswith(f"{technique}.") for one in (id, named(id).later))


def explain_command(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The id of a rule.", show_default=False)],
    json: Json = None,
    no_color: NoColor = False,
) -> int:
    """Tell what a rule flags, why, what is harmless, and what to do."""
    from hivecheck.cli.output import terminal_paper, write_text
    from hivecheck.report.rules_listing import modifier_json, rule_json, write_modifier, write_page
    from hivecheck.rules.modifiers import Modifier, modifier_named

    found = modifier_named(rule.strip().lower()) or _rule_named(rule)
    if json is not None:
        from json import dumps

        document = modifier_json(found) if isinstance(found, Modifier) else rule_json(found)
        write_text(json, (dumps(document, indent=1), "\n"), ())
    else:
        paper = terminal_paper(no_color)
        if isinstance(found, Modifier):
            write_modifier(found, paper)
        else:
            write_page(found, paper)
        print(paper.text(), end="")
    return Exit.OK


def _rule_named(id: str) -> "Rule":
    """The rule. Raises UsageError, naming those that are spelled nearly so, where there is none."""
    from difflib import get_close_matches

    from hivecheck.errors import UsageError
    from hivecheck.rules.catalog import RULES, rule_named
    from hivecheck.rules.modifiers import MODIFIERS

    try:
        return rule_named(id.strip().lower())
    except KeyError as error:
        near = get_close_matches(id.lower(), [*(rule.id for rule in RULES), *(one.id for one in MODIFIERS)], 3, 0.6)
        hint = f"Did you mean {' or '.join(near)}?" if near else "`hivecheck rules` lists them."
        raise UsageError(f"there is no rule {id}", hint=hint) from error
