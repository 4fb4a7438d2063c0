"""The static hosts that we write files for: their files, limits, and what each cannot enforce.

Facts only, from the hosts' own handbooks; `publish.hosts` writes the files, `doctor` says the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024
GB = 1024 * MB

_BRANCH = "site-builder publish branch"
_FOLDER = "site-builder publish folder PATH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """Where a site is published."""

    name: str
    """As `extra.agency.host` names it."""
    title: str
    """As people call it."""
    files: tuple[str, ...] = ()
    """Its own files in the site, from the root."""
    snippet: str = ""
    """What is not in the site but for the host's own settings, and what it is called there."""
    sets_headers: bool = True
    publish: str = _BRANCH
    """The command that brings the pages there."""
    most_files: int = 0
    """0: no limit that we know of; the same for bytes."""
    most_bytes: int = 0
    largest_file: int = 0
    follows_branch: bool = False
    """Whether it may read the repository, sources and all, whose branch it follows."""
    plan: str = ""
    """The plan for which these limits hold."""
    cannot: tuple[str, ...] = ()
    """What this host cannot enforce, or what is to be set there, in sentences."""
    old: str = ""
    """What of earlier pages stays after a link is taken back, in a sentence; nothing: nothing."""
    delete: tuple[str, ...] = ()
    """The commands of the host's own tool that take it away."""


HOSTS: dict[str, Host] = {
    host.name: host
    for host in (
        Host(
            name="netlify",
            title="Netlify",
            follows_branch=True,
            files=("_headers",),
            cannot=(
                "Switch off branch deploys and deploy previews: they publish what other branches hold, and so your sources.",
            ),
            old="Netlify keeps every earlier deploy open at an address of its own, with the old links in it, until it is deleted.",
            delete=(
                """netlify api listSiteDeploys --data '{"site_id": "SITE-ID"}'""",
                """netlify api deleteDeploy --data '{"deploy_id": "DEPLOY-ID"}'""",
            ),
        ),
        Host(
            name="cloudflare",
            title="Cloudflare Pages",
            follows_branch=True,
            files=("_headers",),
            most_files=20_000,
            largest_file=25 * MB,
            plan="the free plan",
            cannot=(
                "Set Branch control → Preview branch to None: previews publish what other branches hold, and so your sources.",
            ),
            old="Cloudflare Pages keeps every earlier deployment open at an address of its own, with the old links in it, until it is deleted.",
            delete=(
                "npx wrangler pages deployment list --project-name PROJECT",
                "npx wrangler pages deployment delete DEPLOYMENT-ID --project-name PROJECT",
            ),
        ),
        Host(
            name="github-pages",
            title="GitHub Pages",
            follows_branch=True,
            files=(".nojekyll",),
            sets_headers=False,
            most_bytes=GB,
            largest_file=100 * MB,
            cannot=(
                "The site of a private repository is public: nobody is asked to log in. The links still cannot be guessed.",
                "Pages may be kept by caches for ten minutes, so a link that is taken back may work that long.",
            ),
            old="The branch keeps its history: whoever can read the repository can read old pages there.",
        ),
        Host(
            name="gitlab-pages",
            title="GitLab Pages",
            sets_headers=False,
            most_files=200_000,
            most_bytes=GB,
            cannot=(
                "It can ask readers to log in: Settings → General → Visibility → Pages. Use that if all your clients have accounts.",
                "Pages may be kept by caches for ten minutes, so a link that is taken back may work that long.",
            ),
            old="The artifacts of earlier jobs hold the old pages, for members: delete them under Build → Artifacts.",
        ),
        Host(
            name="s3",
            title="S3 with CloudFront",
            snippet="the response headers policy of CloudFront",
            publish="site-builder publish folder PATH, then aws s3 sync",
            cannot=(
                "The bucket must be closed to the public, and only CloudFront may read it: a public bucket lists every link.",
                "A bucket knows no types, no index pages and no caching times: each file is given its own when it is sent.",
                "The headers hold only where the policy is attached to the distribution.",
            ),
            old="CloudFront may hold pages until they are invalidated, and a bucket with versions keeps old ones.",
            delete=(
                "aws cloudfront create-invalidation --distribution-id DISTRIBUTION-ID --paths '/*'",
            ),
        ),
        Host(
            name="azure",
            title="Azure Static Web Apps",
            files=("staticwebapp.config.json",),
            most_files=15_000,
            most_bytes=250 * MB,
            plan="the free plan",
            cannot=(
                "Switch off staging environments for pull requests: each is open at an address of its own.",
            ),
            old="Staging environments keep the pages of their pull requests open until they are deleted.",
            delete=(
                "az staticwebapp environment list --name APP",
                "az staticwebapp environment delete --name APP --environment-name ENVIRONMENT",
            ),
        ),
        Host(
            name="firebase",
            title="Firebase Hosting",
            files=("firebase.json",),
            publish="(cd site && npx firebase-tools deploy --only hosting)",
            largest_file=2 * GB,
            cannot=(
                "Addresses that begin with /__/ belong to Firebase, and its answers there carry its own headers.",
            ),
            old="Preview channels keep their pages open until they expire or are deleted.",
            delete=(
                "npx firebase-tools hosting:channel:list",
                "npx firebase-tools hosting:channel:delete CHANNEL",
            ),
        ),
        Host(
            name="vercel",
            title="Vercel",
            files=("vercel.json",),
            most_files=15_000,
            largest_file=100 * MB,
            plan="the free plan",
            cannot=(
                "Let it deploy the branch of the pages only: the previews of other branches hold your sources.",
                "Deployment Protection should cover all deployments but the production domain.",
            ),
            old="Vercel keeps every earlier deployment open at an address of its own, with the old links in it, until it is removed.",
            delete=("vercel remove PROJECT --safe",),
        ),
        Host(
            name="nginx",
            title="nginx",
            snippet="a snippet for the server block",
            publish=_FOLDER,
            cannot=(
                "An add_header in a location drops those around it: add none of your own beside the snippet.",
                "The access log holds the links: keep it short, or switch it off for this site.",
            ),
        ),
        Host(
            name="apache",
            title="Apache",
            files=(".htaccess",),
            snippet="the same lines for the virtual host",
            publish=_FOLDER,
            cannot=(
                "The file .htaccess counts only with AllowOverride All and mod_headers; else include the snippet in the virtual host.",
                "Requests that Apache refuses before it looks for a file carry the headers only from the virtual host.",
                "The access log holds the links: keep it short, or switch it off for this site.",
            ),
        ),
        Host(
            name="caddy",
            title="Caddy",
            snippet="a snippet for the site block",
            publish=_FOLDER,
            cannot=(
                "Requests that are no proper HTTP are refused by Go itself, without any header.",
                "If you log requests, the log holds the links: keep it short.",
            ),
        ),
    )
}
"""Every host that `extra.agency.host` may name."""
HOST_NAMES = tuple(HOSTS)
NO_HEADERS = (
    "{title} sends no headers of ours. The pages carry the rules for scripts, referrers and search"
    " engines in themselves; pictures, files and progress.json carry none."
)
