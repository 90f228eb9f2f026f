-- What is in the trash already has its whole time from now on.
UPDATE assets SET discarded_at = CAST(extract(epoch FROM now()) AS BIGINT) * 1000 WHERE state = 'discarded';
UPDATE generations SET source_asset_id = settings::json ->> 'source_asset_id'
WHERE state IN ('scheduled', 'queued', 'running');
