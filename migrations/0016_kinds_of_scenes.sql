-- What used to be purposes of chat_enhance are kinds of their own. Inside a text of the JSON a quotation mark has a backslash, so
-- nothing that somebody wrote looks like this.
UPDATE generations SET kind = 'chat_scene' WHERE kind = 'chat_enhance' AND settings LIKE '%"purpose":"scene"%';
UPDATE generations SET kind = 'chat_scenes' WHERE kind = 'chat_enhance' AND settings LIKE '%"purpose":"scenes"%';
UPDATE jobs SET kind = (SELECT g.kind FROM generations g WHERE g.id = jobs.subject_id)
WHERE kind = 'chat_enhance' AND subject_id IN (SELECT id FROM generations WHERE kind IN ('chat_scene', 'chat_scenes'));
