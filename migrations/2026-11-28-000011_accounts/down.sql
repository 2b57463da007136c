drop table sanctions, failed_logins, reset_tokens, registrations, spent_refresh_tokens, sessions, erased_subjects, accounts;
