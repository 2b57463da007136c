//! The tables as Diesel sees them. `tests/migrations.rs` compares them with what the migrations make.

diesel::table! {
    accounts (id) {
        id -> Uuid,
        email -> Nullable<Text>,
        display_name -> Nullable<Text>,
        name_key -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        issuer -> Nullable<Text>,
        subject -> Nullable<Text>,
        roles -> Array<Text>,
        created_at -> Timestamptz,
        changed_at -> Timestamptz,
        erased_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Uuid,
        name -> Text,
        prefix -> Text,
        secret_hash -> Bytea,
        scopes -> Array<Text>,
        publisher_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    article_bodies (article_id) {
        article_id -> Uuid,
        blocks -> Jsonb,
    }
}

diesel::table! {
    article_corrections (id) {
        id -> Uuid,
        article_id -> Uuid,
        kind -> Text,
        text -> Text,
        published_at -> Timestamptz,
    }
}

diesel::table! {
    article_counters (article_id) {
        article_id -> Uuid,
        views -> Int8,
        updated_at -> Timestamptz,
        shares -> Int8,
        reactions -> Int8,
        comments -> Int8,
    }
}

diesel::table! {
    article_days (ends_at, article_id, kind) {
        ends_at -> Timestamptz,
        article_id -> Uuid,
        kind -> Int2,
        received -> Int4,
        counted -> Int4,
        ranked -> Int4,
        bot -> Int4,
        prefetch -> Int4,
        repeat -> Int4,
        imported -> Int8,
        excess -> Int4,
    }
}

diesel::table! {
    article_fives (ends_at, article_id, kind) {
        ends_at -> Timestamptz,
        article_id -> Uuid,
        kind -> Int2,
        ranked -> Int4,
    }
}

diesel::table! {
    article_hours (ends_at, article_id, kind) {
        ends_at -> Timestamptz,
        article_id -> Uuid,
        kind -> Int2,
        received -> Int4,
        counted -> Int4,
        ranked -> Int4,
        bot -> Int4,
        prefetch -> Int4,
        repeat -> Int4,
        networks -> Int4,
        largest -> Int4,
    }
}

diesel::table! {
    article_reactions (article_id, kind) {
        article_id -> Uuid,
        kind -> Text,
        reactions -> Int8,
    }
}

diesel::table! {
    article_revisions (article_id, revision) {
        article_id -> Uuid,
        revision -> Int4,
        content -> Jsonb,
        written_by -> Text,
        written_at -> Timestamptz,
    }
}

diesel::table! {
    article_scores (article_id) {
        article_id -> Uuid,
        as_of -> Timestamptz,
        p30m -> Float8,
        p1h -> Float8,
        p2h -> Float8,
        p6h -> Float8,
        p12h -> Float8,
        p24h -> Float8,
        t2h -> Float8,
        t24h -> Float8,
        minutes -> Float8,
        last_minute -> Int8,
        t30m -> Float8,
    }
}

diesel::table! {
    article_slugs (slug) {
        slug -> Text,
        article_id -> Uuid,
    }
}

diesel::table! {
    articles (id) {
        id -> Uuid,
        publisher_id -> Uuid,
        external_id -> Nullable<Text>,
        category_id -> Uuid,
        slug -> Text,
        status -> Text,
        headline -> Text,
        deck -> Nullable<Text>,
        summary -> Nullable<Text>,
        language -> Text,
        author_ids -> Array<Uuid>,
        tag_ids -> Array<Uuid>,
        lead_image -> Nullable<Jsonb>,
        byline_contact -> Nullable<Text>,
        source_url -> Nullable<Text>,
        syndicatable -> Bool,
        revision -> Int4,
        content_hash -> Bytea,
        written_by -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        publish_at -> Nullable<Timestamptz>,
        published_at -> Nullable<Timestamptz>,
        corrected_at -> Nullable<Timestamptz>,
        withdrawn_at -> Nullable<Timestamptz>,
        withdrawn_reason -> Nullable<Text>,
        story_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    authors (id) {
        id -> Uuid,
        publisher_id -> Uuid,
        name -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    categories (id) {
        id -> Uuid,
        slug -> Text,
        name_ko -> Text,
        name_en -> Text,
        parent_id -> Nullable<Uuid>,
        position -> Int4,
        revision -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    category_ancestors (category_id, ancestor_id) {
        category_id -> Uuid,
        ancestor_id -> Uuid,
        depth -> Int2,
    }
}

diesel::table! {
    day_secrets (day) {
        day -> Date,
        secret -> Bytea,
    }
}

diesel::table! {
    erased_subjects (subject_hash) {
        subject_hash -> Bytea,
        erased_at -> Timestamptz,
    }
}

diesel::table! {
    event_rounds (id) {
        id -> Uuid,
        committed_at -> Timestamptz,
    }
}

diesel::table! {
    failed_logins (key_hash) {
        key_hash -> Bytea,
        failures -> Int4,
        blocked_until -> Timestamptz,
        last_at -> Timestamptz,
    }
}

diesel::table! {
    idempotency_keys (principal, route, key) {
        principal -> Text,
        route -> Text,
        key -> Text,
        fingerprint -> Bytea,
        status -> Int2,
        headers -> Jsonb,
        body -> Bytea,
        secret -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    import_chunks (import_id, n) {
        import_id -> Uuid,
        n -> Int4,
        data -> Bytea,
    }
}

diesel::table! {
    import_items (import_id, n) {
        import_id -> Uuid,
        n -> Int4,
        verdict -> Text,
        article_id -> Nullable<Uuid>,
        external_id -> Nullable<Text>,
        errors -> Jsonb,
        duplicate_of -> Nullable<Uuid>,
    }
}

diesel::table! {
    imports (id) {
        id -> Uuid,
        status -> Text,
        format -> Nullable<Text>,
        source_url -> Nullable<Text>,
        content_type -> Nullable<Text>,
        dry_run -> Bool,
        publisher_slug -> Nullable<Text>,
        category_slug -> Nullable<Text>,
        bound_publisher_id -> Nullable<Uuid>,
        may_create -> Bool,
        principal_id -> Uuid,
        requested_by -> Text,
        processed -> Int4,
        total -> Nullable<Int4>,
        created -> Int4,
        updated -> Int4,
        unchanged -> Int4,
        invalid -> Int4,
        fault_code -> Nullable<Text>,
        fault_detail -> Nullable<Jsonb>,
        created_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
        heartbeat_at -> Nullable<Timestamptz>,
        attempts -> Int2,
        duplicates -> Int4,
    }
}

diesel::table! {
    listings (list, at, article_id) {
        list -> Uuid,
        at -> Timestamptz,
        article_id -> Uuid,
    }
}

diesel::table! {
    merged_stories (id) {
        id -> Uuid,
        story_id -> Uuid,
    }
}

diesel::table! {
    network_events (ring, hour, article_id, network, kind) {
        ring -> Int2,
        hour -> Int8,
        article_id -> Uuid,
        network -> Int8,
        kind -> Int2,
        events -> Int4,
        fed -> Int4,
        ranked -> Int4,
        gained -> Int4,
    }
}

diesel::table! {
    network_views (ring, hour, article_id, network) {
        ring -> Int2,
        hour -> Int8,
        article_id -> Uuid,
        network -> Int8,
        views -> Int4,
    }
}

diesel::table! {
    page_layouts (page) {
        page -> Text,
        modules -> Jsonb,
        revision -> Int4,
        updated_by -> Text,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    publishers (id) {
        id -> Uuid,
        slug -> Text,
        name_ko -> Text,
        name_en -> Text,
        url -> Nullable<Text>,
        syndicatable -> Bool,
        revision -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    ranking_overrides (id) {
        id -> Uuid,
        board -> Text,
        scope -> Uuid,
        kind -> Text,
        article_id -> Uuid,
        position -> Nullable<Int2>,
        starts_at -> Timestamptz,
        ends_at -> Nullable<Timestamptz>,
        reason -> Text,
        created_by -> Text,
        created_at -> Timestamptz,
        lifted_by -> Nullable<Text>,
        lifted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    ranking_rounds (board) {
        board -> Text,
        taken_at -> Timestamptz,
        computed_at -> Timestamptz,
    }
}

diesel::table! {
    ranking_snapshots (id) {
        id -> Uuid,
        board -> Text,
        scope -> Uuid,
        time_window -> Text,
        taken_at -> Timestamptz,
        computed_at -> Timestamptz,
        article_ids -> Array<Uuid>,
        scores -> Array<Float8>,
        previous_ranks -> Array<Int2>,
        movements -> Text,
        peak_ranks -> Nullable<Array<Int2>>,
        entered_at -> Nullable<Array<Timestamptz>>,
        sources -> Nullable<Text>,
        signals -> Nullable<Array<Float8>>,
        raw_article_ids -> Nullable<Array<Uuid>>,
        raw_scores -> Nullable<Array<Float8>>,
        raw_previous_ranks -> Nullable<Array<Int2>>,
        raw_movements -> Nullable<Text>,
        raw_peak_ranks -> Nullable<Array<Int2>>,
        raw_entered_at -> Nullable<Array<Timestamptz>>,
        raw_signals -> Nullable<Array<Float8>>,
    }
}

diesel::table! {
    reactions (article_id, actor) {
        article_id -> Uuid,
        actor -> Int8,
        kind -> Text,
        reacted_at -> Timestamptz,
        ranked -> Bool,
    }
}

diesel::table! {
    registrations (token_hash) {
        token_hash -> Bytea,
        email -> Text,
        display_name -> Text,
        name_key -> Text,
        password_hash -> Text,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    reset_tokens (token_hash) {
        token_hash -> Bytea,
        account_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    sanctions (id) {
        id -> Uuid,
        account_id -> Uuid,
        kind -> Text,
        reason_code -> Text,
        note -> Nullable<Text>,
        until -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        created_by -> Text,
        lifted_at -> Nullable<Timestamptz>,
        lifted_by -> Nullable<Text>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        account_id -> Uuid,
        access_hash -> Bytea,
        access_expires_at -> Timestamptz,
        refresh_hash -> Bytea,
        refresh_expires_at -> Timestamptz,
        created_at -> Timestamptz,
        refreshed_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    signing_keys (purpose) {
        purpose -> Text,
        secret -> Bytea,
    }
}

diesel::table! {
    spent_refresh_tokens (token_hash) {
        token_hash -> Bytea,
        session_id -> Uuid,
        spent_at -> Timestamptz,
    }
}

diesel::table! {
    stories (id) {
        id -> Uuid,
        leader_id -> Uuid,
        representative_id -> Uuid,
        revision -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    story_decisions (id) {
        id -> Uuid,
        article_id -> Uuid,
        story_id -> Nullable<Uuid>,
        decided_by -> Text,
        decided_at -> Timestamptz,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    story_keys (stretch, key, article_id) {
        stretch -> Int4,
        key -> Int4,
        article_id -> Uuid,
    }
}

diesel::table! {
    story_sketches (article_id) {
        article_id -> Uuid,
        publisher_id -> Uuid,
        published_at -> Timestamptz,
        stored_at -> Timestamptz,
        decided -> Bool,
        leader_id -> Nullable<Uuid>,
        stretch -> Int4,
        keys -> Array<Int4>,
        sketch -> Bytea,
    }
}

diesel::table! {
    tags (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    view_buckets (ends_at, grain, article_id) {
        ends_at -> Timestamptz,
        grain -> Text,
        article_id -> Uuid,
        received -> Int4,
        views -> Int4,
        ranked -> Int4,
        bot -> Int4,
        prefetch -> Int4,
        repeat -> Int4,
        imported -> Int8,
    }
}

diesel::table! {
    view_slots (ring, slot, article_id, visitor) {
        ring -> Int2,
        slot -> Int8,
        article_id -> Uuid,
        visitor -> Int8,
    }
}

diesel::table! {
    article_threads (article_id) {
        article_id -> Uuid,
        visible -> Int8,
        roots -> Int8,
        waiting -> Int8,
        removed_by_author -> Int8,
        removed_by_moderator -> Int8,
        removed_by_rule -> Int8,
    }
}

diesel::table! {
    comment_appeals (id) {
        id -> Uuid,
        comment_id -> Uuid,
        account_id -> Uuid,
        body -> Text,
        status -> Text,
        created_at -> Timestamptz,
        decided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    comment_edits (comment_id, edited_at) {
        comment_id -> Uuid,
        edited_at -> Timestamptz,
        body -> Text,
    }
}

diesel::table! {
    comment_events (seq) {
        seq -> Int8,
        xid -> Int8,
        article_id -> Uuid,
        comment_id -> Uuid,
        kind -> Int2,
        up -> Int2,
        down -> Int2,
        replies -> Int2,
        at -> Timestamptz,
    }
}

diesel::table! {
    comment_hits (comment_id, n) {
        comment_id -> Uuid,
        n -> Int2,
        rule_id -> Nullable<Uuid>,
        name -> Text,
        outcome -> Text,
        reason_code -> Text,
        first_char -> Int4,
        end_char -> Int4,
    }
}

diesel::table! {
    comment_policies (scope, scope_id) {
        scope -> Text,
        scope_id -> Uuid,
        settings -> Jsonb,
        updated_by -> Text,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    comment_removals (article_id, reason_code) {
        article_id -> Uuid,
        reason_code -> Text,
        removed -> Int8,
    }
}

diesel::table! {
    comment_reports (comment_id, account_id) {
        comment_id -> Uuid,
        account_id -> Uuid,
        reason_code -> Text,
        note -> Nullable<Text>,
        reported_at -> Timestamptz,
        settled_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    comment_votes (comment_id, account_id) {
        comment_id -> Uuid,
        account_id -> Uuid,
        article_id -> Uuid,
        value -> Int2,
        voted_at -> Timestamptz,
    }
}

diesel::table! {
    comments (id) {
        id -> Uuid,
        article_id -> Uuid,
        parent_id -> Nullable<Uuid>,
        root_id -> Uuid,
        path -> Array<Uuid>,
        account_id -> Nullable<Uuid>,
        author_name -> Nullable<Text>,
        external_id -> Nullable<Text>,
        body -> Text,
        status -> Text,
        listed -> Bool,
        due_at -> Nullable<Timestamptz>,
        reason_code -> Nullable<Text>,
        pinned -> Bool,
        up -> Int4,
        down -> Int4,
        base_up -> Int4,
        base_down -> Int4,
        replies -> Int4,
        reports -> Int4,
        best -> Int8,
        heat -> Int8,
        net -> Int8,
        edited_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    moderation_claims (comment_id) {
        comment_id -> Uuid,
        by_id -> Uuid,
        by_name -> Text,
        until -> Timestamptz,
    }
}

diesel::table! {
    moderation_log (id) {
        id -> Uuid,
        at -> Timestamptz,
        by_id -> Nullable<Uuid>,
        by_name -> Text,
        action -> Text,
        comment_id -> Nullable<Uuid>,
        article_id -> Nullable<Uuid>,
        publisher_id -> Nullable<Uuid>,
        account_id -> Nullable<Uuid>,
        reason_code -> Nullable<Text>,
        note -> Nullable<Text>,
        details -> Jsonb,
    }
}

diesel::table! {
    moderation_rules (id) {
        id -> Uuid,
        builtin -> Nullable<Text>,
        name -> Text,
        kind -> Text,
        action -> Text,
        reason_code -> Text,
        terms -> Array<Text>,
        exceptions -> Array<Text>,
        enabled -> Bool,
        publisher_id -> Nullable<Uuid>,
        revision -> Int4,
        created_at -> Timestamptz,
        created_by -> Text,
        updated_at -> Timestamptz,
        updated_by -> Text,
    }
}

diesel::table! {
    moderation_rules_version (one) {
        one -> Bool,
        version -> Int8,
    }
}

diesel::table! {
    vote_acts (id) {
        id -> Int8,
        account_id -> Uuid,
        at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    api_keys,
    article_bodies,
    article_corrections,
    article_counters,
    article_days,
    article_fives,
    article_hours,
    article_reactions,
    article_revisions,
    article_scores,
    article_slugs,
    article_threads,
    articles,
    authors,
    categories,
    category_ancestors,
    comment_appeals,
    comment_edits,
    comment_events,
    comment_hits,
    comment_policies,
    comment_removals,
    comment_reports,
    comment_votes,
    comments,
    day_secrets,
    erased_subjects,
    event_rounds,
    failed_logins,
    idempotency_keys,
    import_chunks,
    import_items,
    imports,
    listings,
    merged_stories,
    moderation_claims,
    moderation_log,
    moderation_rules,
    moderation_rules_version,
    network_events,
    network_views,
    page_layouts,
    publishers,
    ranking_overrides,
    ranking_rounds,
    ranking_snapshots,
    reactions,
    registrations,
    reset_tokens,
    sanctions,
    sessions,
    signing_keys,
    spent_refresh_tokens,
    stories,
    story_decisions,
    story_keys,
    story_sketches,
    tags,
    view_buckets,
    view_slots,
    vote_acts,
);
