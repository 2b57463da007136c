drop table sanctions, mailed_tokens, spent_refresh_tokens, sessions, accounts;
