//! The tables as Diesel sees them. `tests/migrations.rs` compares them with what the migrations make.

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
    event_rounds (id) {
        id -> Uuid,
        committed_at -> Timestamptz,
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
    network_views (ring, hour, article_id, network) {
        ring -> Int2,
        hour -> Int8,
        article_id -> Uuid,
        network -> Int8,
        views -> Int4,
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

diesel::allow_tables_to_appear_in_same_query!(
    api_keys,
    article_bodies,
    article_corrections,
    article_counters,
    article_revisions,
    article_slugs,
    articles,
    authors,
    categories,
    category_ancestors,
    day_secrets,
    event_rounds,
    idempotency_keys,
    import_chunks,
    import_items,
    imports,
    listings,
    network_views,
    publishers,
    ranking_rounds,
    ranking_snapshots,
    tags,
    view_buckets,
    view_slots,
);
