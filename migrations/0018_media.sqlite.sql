-- Media and variants are the table of src/assets/media.h, which grows; a database of today takes those of tomorrow.
CREATE TABLE assets_anew (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    generation_id TEXT REFERENCES generations (id),
    -- Place in its batch. With the unique index below it is what makes a result count once.
    position BIGINT NOT NULL,
    medium TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('staging', 'kept', 'discarded')),
    content_type TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    duration_ms BIGINT,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    seed BIGINT,
    recipe TEXT NOT NULL,
    -- What is known of the original beyond what is searched: a JSON object, by its medium.
    facts TEXT NOT NULL DEFAULT '{}',
    -- False as soon as an upload or a model that may draw people is among its ancestors.
    people_free BIGINT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('allow', 'standard_only', 'hold', 'refuse', 'refuse_severe')),
    verdict_reason TEXT NOT NULL,
    verdict_sentence TEXT NOT NULL,
    policy BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Since when it has been in the trash; NULL where it is not.
    discarded_at BIGINT,
    UNIQUE (generation_id, position)
);
INSERT INTO assets_anew (id, workspace_id, generation_id, position, medium, state, content_type, width, height, duration_ms,
                         bytes, sha256, seed, recipe, facts, people_free, verdict, verdict_reason, verdict_sentence, policy,
                         created_at, discarded_at)
SELECT id, workspace_id, generation_id, position, medium, state, content_type, width, height, duration_ms, bytes, sha256, seed,
       recipe, '{}', people_free, verdict, verdict_reason, verdict_sentence, policy, created_at, discarded_at
FROM assets;

CREATE TABLE asset_files_anew (
    asset_id TEXT NOT NULL REFERENCES assets (id),
    variant TEXT NOT NULL,
    file_key TEXT NOT NULL UNIQUE,
    content_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (asset_id, variant)
);
INSERT INTO asset_files_anew (asset_id, variant, file_key, content_type, bytes, sha256)
SELECT asset_id, variant, file_key, content_type, bytes, sha256 FROM asset_files;

DROP TABLE asset_files;
DROP TABLE assets;
ALTER TABLE assets_anew RENAME TO assets;
ALTER TABLE asset_files_anew RENAME TO asset_files;
CREATE INDEX assets_by_age ON assets (workspace_id, state, created_at DESC, id DESC);
CREATE INDEX assets_in_trash ON assets (workspace_id, discarded_at, id) WHERE state = 'discarded';
