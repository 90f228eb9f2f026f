-- Conversations. What is said is a tree: an answer has its question as its parent, and who asks anew or has it answered anew
-- adds another child beside the first.
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    -- The kind of its answers.
    kind TEXT NOT NULL,
    -- Empty until something is said.
    title TEXT NOT NULL,
    -- JSON: what holds for all of it, such as "system", the words that the model is sent before everything else.
    settings TEXT NOT NULL,
    -- The last message of the branch that is shown; NULL while nothing has been said.
    active_message_id TEXT,
    -- Of the request that made it: made again under the same key, it is this one.
    request_key TEXT,
    request_sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    UNIQUE (workspace_id, request_key)
);
CREATE INDEX conversations_by_change ON conversations (workspace_id, changed_at DESC, id DESC);

CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    -- NULL: it begins the conversation.
    parent_id TEXT REFERENCES messages (id),
    -- Its place among all of the conversation, from 1; a parent has a smaller one than its children.
    position BIGINT NOT NULL,
    role TEXT NOT NULL,
    -- Of an answer that a generation writes: what there was of it before.
    text TEXT NOT NULL,
    -- done, stopped or failed; of an answer that a generation writes its state counts and not this one.
    state TEXT NOT NULL,
    generation_id TEXT UNIQUE REFERENCES generations (id),
    created_at BIGINT NOT NULL,
    UNIQUE (conversation_id, position)
);
CREATE INDEX messages_of_parent ON messages (parent_id);

-- The text ends where the model's limit was and not where the answer does.
ALTER TABLE generations ADD COLUMN cut BIGINT NOT NULL DEFAULT 0;
-- What was said has been erased, and what a node still has to say of it is not kept.
ALTER TABLE generations ADD COLUMN forgotten BIGINT NOT NULL DEFAULT 0;
