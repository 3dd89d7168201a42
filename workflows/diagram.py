"""Mermaid text of a workflow, drawn from the same table that is the law."""

from workflows.registry import WORKFLOWS


def mermaid(name: str, here: str | None = None) -> str:
    """The state diagram of workflow ``name``; ``here`` marks the state of a row.

    Moves that leave from many states (hold, cancel) are one line each, as in the table.

    :raises KeyError: there is no such workflow.
    """
    workflow = WORKFLOWS[name]
    lines = ["stateDiagram-v2", f"    [*] --> {workflow.initial}"]
    for move in workflow.moves:
        facts = ", ".join(guard.__name__ for guard in move.guards)
        lines.append(f"    {move.source} --> {move.dest}: {move.trigger}{f' [{facts}]' * bool(facts)}")
    lines += [f"    {state} --> [*]" for state in workflow.states if workflow.is_final(state)]
    if here:
        lines += ["    classDef here fill:#ffd54f,stroke:#333,stroke-width:3px", f"    class {here} here"]
    return "\n".join(lines) + "\n"
