-- Media and variants are the table of src/assets/media.h, which grows; a database of today takes those of tomorrow.
ALTER TABLE assets DROP CONSTRAINT assets_medium_check;
ALTER TABLE asset_files DROP CONSTRAINT asset_files_variant_check;
-- What is known of the original beyond what is searched: a JSON object, by its medium.
ALTER TABLE assets ADD COLUMN facts TEXT NOT NULL DEFAULT '{}';
