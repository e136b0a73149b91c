"""Static files under names that carry their hash."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Modules import each other by name: those names get their hashes too, or no script would be found."""

    support_js_module_import_aggregation = True
