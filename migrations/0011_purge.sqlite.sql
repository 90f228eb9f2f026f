-- What is in the trash already has its whole time from now on.
UPDATE assets SET discarded_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000 WHERE state = 'discarded';
UPDATE generations SET source_asset_id = json_extract(settings, '$.source_asset_id')
WHERE state IN ('scheduled', 'queued', 'running');
