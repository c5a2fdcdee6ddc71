"""Ground that no database file should stand on: network folders and folders that another program syncs.

SQLite's safety rests on locks and on writes that reach the disk in order. A network file system promises
neither; a sync program copies the file while it is being written, and lays another computer's copy over it.
"""

from __future__ import annotations

from pathlib import Path

from hiplog.language import _

WAY = _(
    "Keep the logbook on a disk of this computer, as hiplog does by itself, and let "
    "the backups go there instead (second_backups in the configuration)"
)
NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "lustre", "beegfs"),
        *("gpfs", "davfs", "webdav", "prl_fs", "fuse.sshfs", "fuse.rclone", "fuse.gvfsd-fuse"),
        *("fuse.davfs2", "fuse.smbnetfs", "fuse.glusterfs", "fuse.s3fs", "fuse.onedriver"),
        *("fuse.google-drive-ocamlfuse", "fuse.curlftpfs"),
    }
)
# The names that the programs themselves give their folders, and what they leave inside.
SYNCED_NAMES = {
    "dropbox": "Dropbox",
    "onedrive": "OneDrive",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "mobile documents": "iCloud Drive",
    "icloud drive": "iCloud Drive",
    "cloudstorage": _("a cloud storage"),
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "pcloud drive": "pCloud",
    "megasync": "MEGA",
    "seafile": "Seafile",
}
SYNCED_MARKS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".stfolder": "Syncthing",
    ".owncloudsync.log": "ownCloud",
    ".nextcloudsync.log": "Nextcloud",
    ".tmp.drivedownload": "Google Drive",
}
MOUNTS = Path("/proc/self/mounts")


def unsafe(path: Path) -> str | None:
    """Say in a sentence why a logbook must not be written at ``path``, and the way forward; else ``None``.

    Looks at the folder itself as it is reached (links followed), at the kind of disk, and at the names and
    marks of sync programs in the folders above.
    """
    folder = _there(path.absolute().parent).resolve()
    kind = _disk(folder)
    if kind in NETWORK:
        return _("{folder} is on a network disk ({kind}), where a logbook can be damaged. {way}.").format(
            folder=folder, kind=kind, way=WAY
        )
    whose = _synced(folder)
    if whose is not None:
        return _(
            "{folder} is synced by {whose}, which can lay an older copy over the logbook. {way}."
        ).format(folder=folder, whose=whose, way=WAY)
    return None


def _there(folder: Path) -> Path:
    """The nearest folder above that exists already."""
    return next((one for one in (folder, *folder.parents) if one.is_dir()), folder)


def _disk(folder: Path) -> str | None:
    """The kind of the disk that ``folder`` lies on, where the system tells."""
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    found: tuple[int, str | None] = (-1, None)
    for line in lines:
        _, place, kind, *_ = line.split(" ")
        mounted = Path(place.replace("\\040", " ").replace("\\011", "\t"))
        # The later of two mounts at one place lies on top.
        if folder.is_relative_to(mounted) and len(mounted.parts) >= found[0]:
            found = (len(mounted.parts), kind)
    return found[1]


def _synced(folder: Path) -> str | None:
    for one in (folder, *folder.parents):
        # OneDrive and Google Drive put the account behind their name: "OneDrive - Clinic".
        name = one.name.casefold().partition(" - ")[0].partition(" (")[0]
        if name in SYNCED_NAMES:
            return SYNCED_NAMES[name]
        for mark, whose in SYNCED_MARKS.items():
            # Dropbox also keeps its own settings in a hidden folder of the home, which is not synced.
            if (one / mark).exists() and not (mark == ".dropbox" and one == Path.home()):
                return whose
    return None
