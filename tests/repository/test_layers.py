"""Inside an app, imports run one way between its packages (ADR 33)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

APPS = ("partnership", "business_cases", "joint_posts", "reviews")

# The packages and modules of each app, lowest first. Each imports only from those before it, and from itself.
LAYERS = {
    "partnership": (
        "text",
        "money",
        "dates",
        "financial_years",
        "wording",
        "amounts",
        "deadlines",
        "accounts.roles",
        "records.refusals",
        "accounts.permissions",
        "audit",
        "records",
        "models",
        "accounts",
        "generic",
        "imports",
        "generic.urls",
        "significant",
        "governance",
        "accounts.sign_in",
        "accounts.views",
        "navigation",
        "home",
        "registers",
        "errors",
        "middleware",
        "backups",
        "worker",
        "static_files",
        "log_lines",
        "urls",
    ),
    "business_cases": ("models", "adoption", "workflow", "filters", "forms", "registers", "urls"),
    "joint_posts": ("models", "costs", "savings", "posts", "registers", "urls"),
    "reviews": (
        "models",
        "facts",
        # Who may read a section, and what has been taken down, are asked while a paper is written.
        "publishing.exempt_files",
        "publishing.classing",
        "publishing.class_forms",
        "publishing.takedowns",
        "publishing.takedown_forms",
        "papers",
        "dashboards",
        "publishing",
        "exit_plans",
        "registers",
        "example",
        "urls",
    ),
}
# Django reads these by itself.
OUTSIDE = {"partnership.settings", "partnership.wsgi", "partnership.apps"}


def modules(app):
    """The product's modules of an app with their paths, without migrations and commands."""
    for path in sorted((ROOT / app).rglob("*.py")):
        if not {"migrations", "management", "formats", "templatetags"} & set(path.parts):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


def imported(path):
    """The names of the modules that a file imports, also inside functions and for types alone."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name


def layer_of(name, app):
    """The position of a module's layer, by the longest prefix that names it; None for what has none."""
    inside = name.removeprefix(f"{app}.")
    matches = [layer for layer in LAYERS[app] if inside == layer or inside.startswith(f"{layer}.")]
    return LAYERS[app].index(max(matches, key=len)) if matches else None


@pytest.mark.parametrize("app", APPS)
def test_module_belongs_to_a_layer(app):
    without = [name for name, _ in modules(app) if name not in OUTSIDE | {app} and not name.startswith("apps")]
    assert len(without) >= len(LAYERS[app])
    assert [name for name in without if layer_of(name, app) is None and not name.endswith(".apps")] == []


@pytest.mark.parametrize("app", APPS)
def test_module_imports_only_from_lower_layers(app):
    upwards = []
    for name, path in modules(app):
        own = layer_of(name, app)
        for target in imported(path):
            if own is not None and target.startswith(f"{app}."):
                other = layer_of(target, app)
                if other is not None and other > own:
                    upwards.append(f"{name} imports {target}")
    assert upwards == []
