"""Answers the blog's open questions with numbers: python scripts/findings.py FOLDER writes docs/findings.md.

FOLDER holds music with a manifest.csv. Needs the extras [service,train,torch,evaluate]; takes a quarter of an hour on
one core. Everything is learnt from songs with the role train and measured on those with the role validate.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from learning import EPOCHS, Recurrent, Song, by_components, by_network, explained, read, table, use
from sklearn.decomposition import FastICA

from yulelight.dsp.spectrum import FRAME_RATE, loudness
from yulelight.encoder.catalogue import known
from yulelight.encoder.decoder import BANDS
from yulelight.encoder.model import load
from yulelight.lab.similar import distances, fingerprint
from yulelight.lab.training import loop, networks
from yulelight.lab.training.dataset import bins
from yulelight.lab.training.linear import components, factors
from yulelight.lights.house import in_house
from yulelight.lights.pan import STEPS
from yulelight.safety.limits import Limits
from yulelight.show.render import render

ROOT = Path(__file__).resolve().parents[1]
ONE = "Deck the Halls B"
"""The song the blog learnt from."""
ACROSS = (-1.0, 1.0, -0.7, 0.7, -0.4, 0.4, -0.1, 0.1)
"""A house whose low and high channels are on both sides."""
WINDOW = round(5 * FRAME_RATE)


def many_songs(train: list[Song], test: list[Song]) -> tuple[str, list[tuple[int, float]]]:
    one = [song for song in train if song.track.title == ONE] or train[:1]
    mean, _ = by_components([song.mel for song in train])
    curve = []
    rng = np.random.default_rng(0)
    for count in (1, 2, 4, 8, len(train)):
        tries = 1 if count == len(train) else 6
        values = []
        for _ in range(tries):
            chosen = [train[k] for k in rng.permutation(len(train))[:count]]
            values.append(explained(test, mean, by_components([song.mel for song in chosen])[1]))
        curve.append((count, float(np.mean(values))))
    rows = [("PCA, " + ONE, explained(test, mean, by_components([s.mel for s in one])[1]))]
    rows += [(f"PCA, {count} songs (mean of six draws)", value) for count, value in curve]
    known_artists = {song.track.artist.split(" (")[0] for song in train}
    for name, seen in (("artists it knows", True), ("artists new to it", False)):
        part = [song for song in test if (song.track.artist.split(" (")[0] in known_artists) == seen]
        rows.append(
            (
                f"PCA, all songs; {len(part)} songs by {name}",
                explained(part, mean, by_components([song.mel for song in train])[1]),
            )
        )
    size = lambda: networks.Frames((96, 128, 64, 8), "gelu", "sigmoid")  # noqa: E731
    rows.append(
        ("autoencoder, " + ONE, explained(test, mean, by_network(size, [s.mel for s in one], epochs=40)[0]))
    )
    rows.append(
        ("autoencoder, all songs", explained(test, mean, by_network(size, [s.mel for s in train])[0]))
    )
    return table("learnt from|explained variance, unheard songs", rows), curve


def blog(train: list[Song], test: list[Song]) -> str:
    one = [song for song in train if song.track.title == ONE] or train[:1]
    make = lambda: networks.Frames((513, 128, 64, 32, 16, 8), "tanh", "tanh")  # noqa: E731
    low = np.min([bins(song.frames).min(0) for song in one], axis=0)
    span = np.maximum(np.max([bins(song.frames).max(0) for song in one], axis=0) - low, 1e-6)
    views = {
        "fixed scaling": lambda song: bins(song.frames),
        "per-bin scaling, as in the blog": lambda song: np.clip((bins(song.frames) - low) / span, 0, 1),
    }
    rows = []
    for name, view in views.items():
        learn = [view(song).astype(np.float32) for song in one]
        mean, project = by_components(learn)
        unheard = [replace(song, mel=view(song).astype(np.float32)) for song in test]
        rows.append((f"PCA, {name}", explained(unheard, mean, project), "-"))
        for loss in ("bce", "mse"):
            rebuild, codes = by_network(make, learn, loss=loss, epochs=10, batch=256, gain_db=0.0)
            still = int((np.concatenate([codes(song.mel) for song in unheard]).std(0) < loop.COLLAPSED).sum())
            rows.append((f"autoencoder, {loss}, {name}", explained(unheard, mean, rebuild), still))
    return table("one song, 513 bins, 10 epochs|explained variance, unheard songs|still channels of 8", rows)


def codes_and_depth(train: list[Song], test: list[Song]) -> str:
    learn = [song.mel for song in train]
    mean, _ = by_components(learn)
    kinds = {
        "tanh code": ((96, 128, 64, 8), "gelu", "tanh"),
        "ReLU code": ((96, 128, 64, 8), "gelu", "relu"),
        "sigmoid code": ((96, 128, 64, 8), "gelu", "sigmoid"),
        "no hidden layer": ((96, 8), "gelu", "sigmoid"),
        "one hidden layer": ((96, 128, 8), "gelu", "sigmoid"),
        "four hidden layers": ((96, 128, 64, 32, 16, 8), "gelu", "sigmoid"),
    }
    makers = {name: (lambda kind=kind: networks.Frames(*kind)) for name, kind in kinds.items()}
    makers |= {"causal convolutions": networks.Convolutions, "recurrent (GRU)": Recurrent}
    rows = []
    for name, make in makers.items():
        batch = 4096 if make().context else 512
        rebuild, codes = by_network(make, learn, batch=batch, epochs=EPOCHS * (2 if make().context else 1))
        rows.append((name, explained(test, mean, rebuild), *use([codes(song.mel) for song in test])))
    return table("autoencoder of 96 mel bands|explained variance|correlation of channels|rank of 8", rows)


def without_training(train: list[Song], test: list[Song]) -> str:
    frames = np.concatenate([song.mel for song in train])
    mean, basis = components(frames, 8)
    rng = np.random.default_rng(0)
    few = frames[rng.permutation(len(frames))[:40000]]
    ica = FastICA(8, random_state=0, max_iter=400).fit(few)
    amounts, parts = factors(few.astype(np.float64), 8, rng)
    ones = np.column_stack([few, np.ones(len(few))])
    find = np.linalg.lstsq(ones, amounts, rcond=None)[0]
    nmf = lambda x: np.maximum(x @ find[:-1] + find[-1], 0)  # noqa: E731
    random = rng.normal(size=(BANDS, 8))
    back = np.linalg.lstsq((frames - mean) @ random, frames - mean, rcond=None)[0]
    methods = {
        "PCA": (lambda x: (x - mean) @ basis, lambda c: c @ basis.T + mean),
        "ICA": (ica.transform, ica.inverse_transform),
        "NMF": (nmf, lambda c: c @ parts),
        "random projection": (lambda x: (x - mean) @ random, lambda c: c @ back + mean),
    }
    rows = [
        (
            name,
            explained(test, mean, lambda x, e=encode, d=decode: d(e(x))),
            *use([encode(s.mel) for s in test]),
        )
        for name, (encode, decode) in methods.items()
    ]
    return table("method|explained variance|correlation of channels|rank of 8", rows)


def silent_ends(train: list[Song], test: list[Song]) -> str:
    rows = []
    for seconds in (0, 5, 10):
        rest = np.zeros((round(seconds * FRAME_RATE), BANDS), np.float32)
        learn = [np.concatenate([rest, song.mel, rest]) for song in train]
        padded = [replace(song, mel=np.concatenate([rest, song.mel, rest])) for song in test]
        mean, rebuild = by_components(learn)
        rows.append((f"{seconds} s", explained(padded, mean, rebuild), explained(test, mean, rebuild)))
    return table("silence at both ends|explained variance with it|the same model, without it", rows)


def stereo(songs: list[Song], encoder) -> str:
    rows = []
    for song in songs:
        if float(np.abs(song.pan).max()) < 1e-3:
            continue
        heard = loudness(song.frames) > -55
        codes, pan = encoder.encode(song.frames)[heard], song.pan[heard]
        even = np.convolve(pan, np.ones(26) / 26, "same")
        fold = np.arange(len(pan)) // round(10 * FRAME_RATE) % 2
        known = np.column_stack([codes, np.ones(len(codes))])
        weights = np.linalg.lstsq(known[fold == 0], even[fold == 0], rcond=None)[0]
        missed = even[fold == 1] - known[fold == 1] @ weights
        told = 1 - np.square(missed).sum() / np.square(even[fold == 1] - even[fold == 0].mean()).sum()
        rows.append((song.track.title, f"{song.side:.0f}", float(even.std()), float(told)))
    return table(
        "song|side against middle, dB|spread of the pan in 0.3 s|share of it that the codes tell (R²)", rows
    )


def leaning(songs: list[Song], encoder) -> str:
    rows = []
    for song in songs:
        if float(np.abs(song.pan).max()) < 1e-3:
            continue
        show = render(song.track.path, encoder)
        plain, led = (in_house(show, Limits.even(8), places).levels for places in ((), ACROSS))
        bright = plain.mean(1) > 10
        pan = show.pan[bright] / STEPS
        rows.append(
            (
                song.track.title,
                float(pan.mean()),
                float(pan.std()),
                *(float(np.corrcoef(balance(levels[bright]), pan)[0, 1]) for levels in (plain, led)),
                float(np.mean([np.corrcoef(plain[:, k], led[:, k])[0, 1] for k in range(8)])),
            )
        )
    return table(
        "song|mean of the pan|its spread|correlation with the house's balance|where lights have sides"
        "|levels with and without",
        rows,
    )


def balance(levels: np.ndarray) -> np.ndarray:
    """(n,) how much more light the right side of the house gives than the left, as a share of all."""
    left, right = levels[:, ::2].mean(1), levels[:, 1::2].mean(1)
    return (right - left) / (right + left)


def telling_apart(songs: list[Song]) -> str:
    rows = []
    models = {name: load(path) for name, path in sorted(known().items())}
    makers = {name: (lambda song, e=encoder: e.encode(song.frames)) for name, encoder in models.items()}
    makers["96 mel bands"] = lambda song: song.mel
    for name, encode in makers.items():
        codes = [encode(song)[loudness(song.frames) > -60] for song in songs]
        prints = np.array([fingerprint(code) for code in codes])
        apart = distances(prints)
        np.fill_diagonal(apart, np.inf)
        near = apart.argmin(1)
        style = [songs[k].style.split()[0] for k in range(len(songs))]
        artist = [song.track.artist.split(" (")[0] for song in songs]
        pairs = [k for k in range(len(songs)) if artist.count(artist[k]) > 1]
        windows = [[code[k : k + WINDOW] for k in range(0, len(code) - WINDOW + 1, WINDOW)] for code in codes]
        first, second = (
            [(s, fingerprint(w)) for s, ws in enumerate(windows) for w in ws[half::2]] for half in (0, 1)
        )
        known_prints = np.array([one for _, one in first])
        scale = known_prints.std(0) + 1e-6
        right = [
            first[int(np.abs((known_prints - one) / scale).mean(1).argmin())][0] == s for s, one in second
        ]
        rows.append(
            (
                name,
                float(np.mean(right)),
                f"{sum(artist[k] == artist[near[k]] for k in pairs)} of {len(pairs)}",
                f"{sum(style[k] == style[near[k]] for k in range(len(songs)))} of {len(songs)}",
            )
        )
    common = max({s.style.split()[0] for s in songs}, key=[s.style.split()[0] for s in songs].count)
    most = sum(song.style.split()[0] == common for song in songs)
    rows.append(("the commonest answer always", "-", "-", f"{most} of {len(songs)}"))
    return table("codes of|song of a 5 s window|artist of the nearest song|style of the nearest song", rows)


def plot(curve: list[tuple[int, float]], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "yulelight"
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(5, 3))
    axes.plot(*zip(*curve, strict=True), marker="o")
    axes.set(xlabel="songs learnt from", ylabel="explained variance, unheard songs", xscale="log")
    axes.set_xticks([count for count, _ in curve], [str(count) for count, _ in curve])
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    torch.set_num_threads(1)
    songs = read(Path(sys.argv[1]))
    train = [song for song in songs if song.track.role == "train"]
    test = [song for song in songs if song.track.role == "validate"]
    say = lambda what: print(what, file=sys.stderr, flush=True)  # noqa: E731
    parts = {}
    for name, work in {
        "songs": lambda: many_songs(train, test),
        "blog": lambda: blog(train, test),
        "networks": lambda: codes_and_depth(train, test),
        "linear": lambda: without_training(train, test),
        "ends": lambda: silent_ends(train, test),
        "stereo": lambda: stereo(songs, load(known()["glide"])),
        "leaning": lambda: leaning(songs, load(known()["glide"])),
        "apart": lambda: telling_apart(songs),
    }.items():
        say(name)
        parts[name] = work()
        say(parts[name][0] if isinstance(parts[name], tuple) else parts[name])
    parts["songs"], curve = parts["songs"]
    plot(curve, ROOT / "docs" / "images" / "songs.svg")
    text = (ROOT / "scripts" / "findings.txt").read_text(encoding="utf-8")
    (ROOT / "docs" / "findings.md").write_text(
        text.format(epochs=EPOCHS, train=len(train), test=len(test), count=len(songs), **parts),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
