-- Since when it has been in the trash; NULL where it is not. So long ago as the studio keeps what is discarded, or not after
-- workspaces.trash_emptied_at, it is purged: its rows go, and its files after them.
ALTER TABLE assets ADD COLUMN discarded_at BIGINT;
CREATE INDEX assets_in_trash ON assets (workspace_id, discarded_at, id) WHERE state = 'discarded';

-- When its owner emptied the trash last. Remembered, so that a large one is emptied to the end whatever happens meanwhile.
ALTER TABLE workspaces ADD COLUMN trash_emptied_at BIGINT NOT NULL DEFAULT 0;

-- Files of assets that are no more. They come here in the transaction that deletes the asset, and leave when the file is gone.
CREATE TABLE purged_files (
    file_key TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    bytes BIGINT NOT NULL,
    purged_at BIGINT NOT NULL
);

-- The picture that it starts from, as its settings have it: what is still being made needs it.
ALTER TABLE generations ADD COLUMN source_asset_id TEXT;
CREATE INDEX generations_sources ON generations (source_asset_id)
    WHERE source_asset_id IS NOT NULL AND state IN ('scheduled', 'queued', 'running');

