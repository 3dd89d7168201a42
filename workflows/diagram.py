"""Mermaid text of a workflow, drawn from the same table that is the law."""

from collections.abc import Collection

from workflows.registry import WORKFLOWS


def mermaid(name: str, here: str | None = None, *, without: Collection[str] = ()) -> str:
    """The state diagram of workflow ``name``; ``here`` marks the state of a row.

    ``without`` leaves out triggers that start from almost everywhere (hold, cancel) and would hide
    the way.

    :raises KeyError: there is no such workflow.
    """
    workflow = WORKFLOWS[name]
    lines = ["stateDiagram-v2", f"    [*] --> {workflow.initial}"]
    for move in workflow.moves:
        if move.trigger in without:
            continue
        facts = ", ".join(guard.__name__ for guard in move.guards)
        lines.append(
            f"    {move.source} --> {move.dest}: {move.trigger}{f' [{facts}]' * bool(facts)}"
        )
    lines += [f"    {state} --> [*]" for state in workflow.states if workflow.is_final(state)]
    if here:
        lines += [
            "    classDef here fill:#ffd54f,stroke:#333,stroke-width:3px",
            f"    class {here} here",
        ]
    return "\n".join(lines) + "\n"
