"""What is shipped beside the code: manifest, translations, actions, icons, blueprints, app. Stands in for hassfest."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from custom_components.yulelight import PLATFORMS, card, const, issues
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.components.blueprint.schemas import BLUEPRINT_SCHEMA
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_custom_components
from homeassistant.util.yaml import load_yaml_dict

ROOT = Path(__file__).parents[2]
HERE = ROOT / "custom_components" / "yulelight"
ENGLISH = json.loads((HERE / "translations" / "en.json").read_text())


def sources() -> str:
    return "\n".join(path.read_text() for path in HERE.rglob("*.py"))


def keys(value: Any, path: str = "") -> set[str]:
    if not isinstance(value, dict):
        return {path}
    return set().union(*(keys(item, f"{path}.{name}") for name, item in value.items())) if value else set()


async def test_home_assistant_loads_it(hass: HomeAssistant) -> None:
    integration = (await async_get_custom_components(hass))["yulelight"]
    assert integration.version is not None
    assert integration.requirements == ["mashumaro>=3.16"]  # comes with Home Assistant
    assert integration.zeroconf in ([{"type": "_yulelight._tcp.local."}], ["_yulelight._tcp.local."])


def test_manifest() -> None:
    manifest = json.loads((HERE / "manifest.json").read_text())
    names = list(manifest)
    assert names == ["domain", "name", *sorted(names[2:])]
    service = (ROOT / "service" / "yulelight" / "__init__.py").read_text()
    assert f'"{manifest["version"]}"' in service, "integration and service are released together"
    app = load_yaml_dict(ROOT / "app" / "yulelight" / "config.yaml")
    assert app["version"] == manifest["version"]


def test_hacs() -> None:
    hacs = json.loads((ROOT / "hacs.json").read_text())
    known = {
        "name",
        "content_in_root",
        "country",
        "filename",
        "hacs",
        "hide_default_branch",
        "homeassistant",
        "persistent_directory",
        "render_readme",
        "zip_release",
    }
    assert set(hacs) <= known
    assert hacs["zip_release"] and hacs["filename"] == "yulelight.zip"
    assert [
        path.name
        for path in (ROOT / "custom_components").iterdir()
        if path.is_dir() and path.name[0] not in "._"
    ] == ["yulelight"]


@pytest.mark.parametrize("language", sorted(path.stem for path in (HERE / "translations").glob("*.json")))
def test_translations_say_the_same(language: str) -> None:
    other = json.loads((HERE / "translations" / f"{language}.json").read_text())
    assert keys(other) == keys(ENGLISH)

    def holes(value: Any, path: str = "") -> dict[str, set[str]]:
        if isinstance(value, str):
            return {path: set(re.findall(r"\{(\w+)\}", value))}
        return {k: v for name, item in value.items() for k, v in holes(item, f"{path}.{name}").items()}

    assert holes(other) == holes(ENGLISH)


def test_all_that_the_code_says_is_translated() -> None:
    code = sources()
    said = set(re.findall(r'translation_key="(\w+)"', code)) | {
        "not_connected",
        "refused",
        "which_service",
        "no_service",
    }
    known = set(ENGLISH["exceptions"]) | {key for platform in ENGLISH["entity"].values() for key in platform}
    assert said - known == set()
    # An error in no language but ours is one that nobody translated.
    for line in re.findall(
        r"raise (?:\w*BrowseError|Unresolvable|ServiceValidationError|HomeAssistantError)\(.*", code
    ):
        assert not re.search(r'\(f?"|\(str\(', line), line
    assert set(ENGLISH["exceptions"]) == {
        key for key in ENGLISH["exceptions"] if re.search(rf'"{key}"', code)
    }, "a text that nothing says"
    assert set(ENGLISH["issues"]) == {*issues.PROBLEMS, card.ISSUE}
    for problem, text in ENGLISH["issues"].items():
        assert ("fix_flow" in text) == (problem in issues.FIXABLE) == ("description" not in text)
    chosen = ENGLISH["selector"][const.CONF_ENTITIES]["options"]
    assert set(chosen) == set(const.OPTIONAL_PLATFORMS) < {str(platform) for platform in PLATFORMS}
    steps = set(re.findall(r"async def async_step_(\w+)", code)) - {
        "zeroconf",
        "mqtt",
        "hassio",
        "reauth",
        "init",
        "reconfigure",
        "answered",
    }
    assert steps - {"user", "confirm"} <= set(ENGLISH["config"]["step"])
    reasons = set(re.findall(r'reason(?:: ClassVar\[str\])? = "(\w+)"', code))
    assert len(reasons) == 8
    assert reasons | {"invalid_host"} == set(ENGLISH["config"]["error"])
    assert set(ENGLISH["config"]["progress"]) == set(re.findall(r'progress_action="(\w+)"', code))
    aborts = set(re.findall(r'reason="(\w+)"', (HERE / "config_flow.py").read_text()))
    found = {reason for reason in reasons if "pairing" not in reason}
    assert aborts | found <= set(ENGLISH["config"]["abort"])
    for part in ("user", "reconfigure", "pair", "reauth_confirm"):
        step = ENGLISH["config"]["step"][part]
        assert set(step["data"]) == set(step["data_description"])
    mirror = ENGLISH["config_subentries"]["mirror"]["step"]
    for step in (ENGLISH["options"]["step"]["init"], *mirror.values()):
        assert set(step["data"]) == set(step["data_description"])


def test_actions_are_described() -> None:
    actions = load_yaml_dict(HERE / "services.yaml")
    icons = json.loads((HERE / "icons.json").read_text())
    registered = set(re.findall(r'async_register\(\s*DOMAIN, "(\w+)"', sources()))
    assert set(actions) == set(ENGLISH["services"]) == set(icons["services"]) == registered
    for name, action in actions.items():
        assert set(action.get("fields", {})) == set(ENGLISH["services"][name]["fields"])


def test_entities_have_icons_or_a_device_class() -> None:
    icons = json.loads((HERE / "icons.json").read_text())["entity"]
    for platform, names in ENGLISH["entity"].items():
        if platform != "update":
            assert set(names) <= set(icons[platform]), platform


def test_platforms_have_files() -> None:
    assert all((HERE / f"{platform}.py").is_file() for platform in PLATFORMS)
    for platform in PLATFORMS:
        assert "PARALLEL_UPDATES" in (HERE / f"{platform}.py").read_text()


def test_the_quality_scale_leaves_nothing_to_do() -> None:
    rules = load_yaml_dict(HERE / "quality_scale.yaml")["rules"]
    assert len(rules) == 54
    for name, rule in rules.items():
        assert rule == "done" or (rule["status"] == "exempt" and rule["comment"]), name


def test_brand() -> None:
    for name in ("icon.png", "icon@2x.png", "logo.png", "dark_logo.png"):
        assert (HERE / "brand" / name).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("path", sorted((ROOT / "blueprints").rglob("*.yaml")), ids=lambda path: path.stem)
async def test_blueprints(hass: HomeAssistant, path: Path) -> None:
    blueprint = Blueprint(
        load_yaml_dict(path), path=path.name, expected_domain="automation", schema=BLUEPRINT_SCHEMA
    )
    assert blueprint.validate() is None
    assert blueprint.metadata["source_url"].endswith(path.relative_to(ROOT).as_posix())


def test_the_app() -> None:
    folder = ROOT / "app" / "yulelight"
    config = load_yaml_dict(folder / "config.yaml")
    assert {"name", "version", "slug", "description", "arch"} <= set(config)
    assert set(config["arch"]) <= {"aarch64", "amd64"}
    assert set(config["options"]) <= set(config["schema"])
    assert config["discovery"] == ["yulelight"]
    texts = load_yaml_dict(folder / "translations" / "en.yaml")
    assert set(texts["configuration"]) == set(config["schema"])
    assert config["host_network"] is True, "nodes and phones hear the announcement"
    assert "ports" not in config, "the host's network has no ports of its own"
    for script in (folder / "rootfs").rglob("*"):
        if script.is_file():
            assert script.stat().st_mode & 0o111, script
            subprocess.run(["bash", "-n", script], check=True)
    for dockerfile in (folder / "Dockerfile", ROOT / "deploy" / "Dockerfile"):
        text = dockerfile.read_text()
        assert text.count("FROM ") == 1
        for copied in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE):
            assert all((ROOT / name).exists() for name in copied.split()), copied
    assert load_yaml_dict(ROOT / "repository.yaml")["name"] == "Yulelight"
    assert "yulelight" in load_yaml_dict(ROOT / "docker-compose.yml")["services"]


def test_the_apps_profile_compiles_and_lets_it_start() -> None:
    profile = ROOT / "app" / "yulelight" / "apparmor.txt"
    if parser := shutil.which("apparmor_parser", path="/usr/sbin:/sbin:/usr/bin"):
        subprocess.run(
            [parser, "--skip-kernel-load", "--skip-cache", "--stdout", profile],
            check=True,
            capture_output=True,
        )
    rules = {line.strip() for line in profile.read_text().splitlines()}
    # As in the official example: without the first nothing in the image may be read, not even /init.
    assert {"file,", "signal (send) set=(kill,term,int,hup,cont),", "/init ix,", "/run/{,**} rwk,"} <= rules
    assert "/etc/services.d/** rwix," in rules
    denied = [rule for rule in rules if rule.startswith("deny")]
    assert not [
        rule for rule in denied if any(needed in rule for needed in ("/init", "/run", "/config", "/dev/snd"))
    ]


def test_the_image_is_tagged_as_home_assistant_pulls_it(tmp_path: Path) -> None:
    version = load_yaml_dict(ROOT / "app" / "yulelight" / "config.yaml")["version"]
    image = load_yaml_dict(ROOT / "app" / "yulelight" / "config.yaml")["image"]
    steps = load_yaml_dict(ROOT / ".github" / "workflows" / "release.yml")["jobs"]["app"]["steps"]
    [script] = [step["run"] for step in steps if step.get("id") == "image"]
    [tags] = [step["with"]["tags"] for step in steps if "tags" in step.get("with", {})]
    assert tags == "${{ steps.image.outputs.tags }}"
    output = tmp_path / "output"
    environment = {"GITHUB_REF_NAME": f"v{version}", "GITHUB_OUTPUT": str(output), "PATH": "/usr/bin:/bin"}
    subprocess.run(["bash", "-e", "-c", script], check=True, env=environment, cwd=ROOT)
    assert output.read_text() == f"tags={image}:{version}\n"
    environment["GITHUB_REF_NAME"] = "v9.9.9"
    other = subprocess.run(["bash", "-e", "-c", script], check=False, env=environment, cwd=ROOT)
    assert other.returncode != 0, "a tag of another version makes no image"


def test_the_archive_is_the_integration(tmp_path: Path) -> None:
    subprocess.run(
        [ROOT / "scripts" / "package"], check=True, env={"PYTHON": sys.executable, "PATH": "/usr/bin:/bin"}
    )
    with zipfile.ZipFile(ROOT / "dist" / "yulelight.zip") as archive:
        names = set(archive.namelist())
        assert archive.testzip() is None
        assert all(not name.startswith(("/", "..")) for name in names)
    here = {
        path.relative_to(HERE).as_posix()
        for path in HERE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    shipped = {path.relative_to(ROOT).as_posix() for path in (ROOT / "blueprints").rglob("*.yaml")}
    assert len(shipped) == 2
    assert names == here | shipped
    assert {"manifest.json", "__init__.py", "translations/en.json", "brand/icon.png"} <= names


def test_constants_are_used() -> None:
    code = sources()
    for name in vars(const):
        if name.isupper():
            assert len(re.findall(rf"\b{name}\b", code)) > 1, name
