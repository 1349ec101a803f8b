"""Brings image files of packages into the folder argv[1], each package in a folder of its own; run in a venv with pip."""

import pathlib
import subprocess
import sys
import tarfile
import zipfile

root = pathlib.Path(sys.argv[1])
IMAGES = (".png", ".apng", ".tif", ".tiff", ".jpg", ".jpeg", ".gif", ".webp", ".mpo", ".dcm")


def download(package, *options):
    folder = root / "downloads" / package
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, *options, package]
    subprocess.run(pip, check=True)
    return next(folder.iterdir())


def entries(archive):
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as file:
            yield from ((name, file.read(name)) for name in file.namelist())
    else:
        with tarfile.open(archive) as file:
            yield from ((m.name, file.extractfile(m).read()) for m in file.getmembers() if m.isfile())


def images(package, *options):
    for i, (name, data) in enumerate(entries(download(package, *options))):
        path = pathlib.PurePosixPath(name)
        if path.suffix.lower() in IMAGES or data[128:132] == b"DICM":
            write(package, f"{i}-{path.name}", data)


def png_suite():
    """Of Willem van Schaik, in a module of pypng's sources."""
    for name, data in entries(download("pypng", "--no-binary", "pypng")):
        if name.endswith("/pngsuite.py"):
            (root / "downloads" / "pngsuite.py").write_bytes(data)
            sys.path.insert(0, str(root / "downloads"))
            import pngsuite

            for title, png in pngsuite.png.items():
                write("pngsuite", f"{title}.png", png if isinstance(png, bytes) else png.read())


def write(package, name, data):
    folder = root / "files" / package
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


images("pillow", "--no-binary", "pillow")
images("pydicom")
images("pydicom-data")
images("scikit-image")
png_suite()
