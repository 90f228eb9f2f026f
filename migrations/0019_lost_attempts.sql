-- No lost attempt counts as a try any more, so whether its node had spoken of it says nothing.
ALTER TABLE attempts DROP COLUMN acknowledged;
