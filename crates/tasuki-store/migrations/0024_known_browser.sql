-- Browsers from which a user has signed in before. tries: passwords tried from there since the last that was right.
CREATE TABLE known_browser (
    browser_sha256 {TEXT} NOT NULL,
    user_id {TEXT} NOT NULL,
    since BIGINT NOT NULL,
    used BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (browser_sha256, user_id)
) {CLUSTERED};
CREATE INDEX known_browser_of_user ON known_browser (user_id, used);
