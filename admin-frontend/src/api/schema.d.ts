// Made by `npm run generate` from our OpenAPI; not edited by hand.
export interface paths {
    "/api/v1/aliases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Aliases
         * @description List other names for models.
         */
        get: operations["list_aliases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/aliases/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put Alias
         * @description Let a name mean a model.
         */
        put: operations["put_alias"];
        post?: never;
        /**
         * Remove Alias
         * @description Take a stored alias back.
         */
        delete: operations["remove_alias"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Audit Entries
         * @description List who changed what, newest first.
         */
        get: operations["list_audit_entries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Calendar
         * @description Tell the time zone of months, days, limits and exports.
         */
        get: operations["show_calendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fallbacks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Fallbacks
         * @description List the models that stand in for others.
         */
        get: operations["list_fallbacks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fallbacks/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put Fallbacks
         * @description Name the models that are tried when a model's providers fail.
         */
        put: operations["put_fallbacks"];
        post?: never;
        /**
         * Remove Fallbacks
         * @description Take stored fallbacks back.
         */
        delete: operations["remove_fallbacks"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Keys
         * @description List the keys within the caller's reach.
         */
        get: operations["list_keys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify Key
         * @description Tell whose key a secret is; one out of the caller's reach is unknown.
         */
        post: operations["verify_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Key
         * @description Show one key.
         */
        get: operations["get_key"];
        put?: never;
        post?: never;
        /**
         * Delete Key
         * @description Delete a key; it can be restored.
         */
        delete: operations["delete_key"];
        options?: never;
        head?: never;
        /**
         * Update Key
         * @description Change what the body names; ``{"enabled": false}`` stops the key.
         */
        patch: operations["update_key"];
        trace?: never;
    };
    "/api/v1/keys/{ref}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move Key
         * @description Give the key to another organization.
         */
        post: operations["move_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{ref}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore Key
         * @description Bring a deleted key back, by its id.
         */
        post: operations["restore_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{ref}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate Key
         * @description Give the key a new secret, which only this answer holds.
         */
        post: operations["rotate_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Limits
         * @description List all limits within the caller's reach, the fullest first.
         */
        get: operations["list_limits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Models
         * @description List the models of all configured providers.
         */
        get: operations["list_models"];
        put?: never;
        /**
         * Add Model
         * @description Add a model that the catalogue does not know.
         */
        post: operations["add_model"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Model
         * @description Show one model by its id or alias.
         */
        get: operations["get_model"];
        put?: never;
        post?: never;
        /**
         * Forget Model
         * @description Take back all that was set here of a model.
         */
        delete: operations["forget_model"];
        options?: never;
        head?: never;
        /**
         * Update Model
         * @description Set or forget price, context or switch, in force everywhere within a second.
         */
        patch: operations["update_model"];
        trace?: never;
    };
    "/api/v1/orgs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Organizations
         * @description List the organizations within the caller's reach.
         */
        get: operations["list_organizations"];
        put?: never;
        /**
         * Create Organization
         * @description Create an organization; administrators who are not known yet are invited.
         */
        post: operations["create_organization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orgs/{org}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Keys Of Organization
         * @description List the keys of one organization.
         */
        get: operations["list_keys_of_organization"];
        put?: never;
        /**
         * Issue Key
         * @description Make a key; the answer is the only one that ever holds its secret.
         */
        post: operations["issue_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orgs/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Organization
         * @description Show one organization.
         */
        get: operations["get_organization"];
        put?: never;
        post?: never;
        /**
         * Delete Organization
         * @description Delete an organization; it can be restored.
         */
        delete: operations["delete_organization"];
        options?: never;
        head?: never;
        /**
         * Update Organization
         * @description Change what the body names; ``{"enabled": false}`` stops all its keys.
         */
        patch: operations["update_organization"];
        trace?: never;
    };
    "/api/v1/orgs/{ref}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Members
         * @description List the people whose reach an organization is part of.
         */
        get: operations["list_members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orgs/{ref}/members/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Add Member
         * @description Make somebody a member.
         */
        put: operations["add_member"];
        post?: never;
        /**
         * Remove Member
         * @description Take a membership away.
         */
        delete: operations["remove_member"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orgs/{ref}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore Organization
         * @description Bring a deleted organization back.
         */
        post: operations["restore_organization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Providers
         * @description List every provider, with the last hour's figures.
         */
        get: operations["list_providers"];
        put?: never;
        /**
         * Add Provider
         * @description Add a provider; its keys are sealed and never shown again.
         */
        post: operations["add_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Provider
         * @description Show one provider.
         */
        get: operations["get_provider"];
        put?: never;
        post?: never;
        /**
         * Remove Provider
         * @description Remove a stored provider, and what is stored of its models.
         */
        delete: operations["remove_provider"];
        options?: never;
        head?: never;
        /**
         * Update Provider
         * @description Change what the body names; another ``base_url`` wants the keys again.
         */
        patch: operations["update_provider"];
        trace?: never;
    };
    "/api/v1/providers/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test Provider
         * @description Send one cheap request with each key, and tell how long it took or what went wrong.
         */
        post: operations["test_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Requests
         * @description List requests, newest first.
         */
        get: operations["list_requests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Requests
         * @description Export the request log as CSV, JSON or ndjson, oldest first.
         */
        get: operations["export_requests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests/{request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Request
         * @description Show one request with its attempts.
         */
        get: operations["show_request"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Session
         * @description Tell who is signed in and what they may do.
         */
        get: operations["show_session"];
        put?: never;
        /**
         * Begin Session
         * @description Sign in. The session before, if any, is over.
         */
        post: operations["begin_session"];
        /**
         * End Session
         * @description Sign out.
         */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Link
         * @description Tell whom a one-time link is for.
         */
        get: operations["show_link"];
        put?: never;
        /**
         * Use Link
         * @description Set the password that a one-time link asks for, and sign in.
         */
        post: operations["use_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/others": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End Other Sessions
         * @description Sign out everywhere else.
         */
        delete: operations["end_other_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change Password
         * @description Change one's own password; all other sessions end.
         */
        put: operations["change_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show State
         * @description Whether the installation waits for its first administrator.
         */
        get: operations["show_state"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Settings
         * @description List every setting with its origin; secrets are masked.
         */
        get: operations["list_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change Settings
         * @description Store values, in force everywhere within a second; the whole is validated first.
         */
        patch: operations["change_settings"];
        trace?: never;
    };
    "/api/v1/settings/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Reset Setting
         * @description Forget a stored value, so that file or default hold again.
         */
        delete: operations["reset_setting"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Stats
         * @description Sum usage up, by any of the groups.
         */
        get: operations["show_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stats/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Stats
         * @description Export usage as CSV, JSON or ndjson, as it is read.
         */
        get: operations["export_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stats/top": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Top
         * @description Show the groups with the most of a measure; the totals are of all.
         */
        get: operations["show_top"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show System
         * @description Show versions, nodes, the database and how much is in it.
         */
        get: operations["show_system"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Users
         * @description List the people who may sign in.
         */
        get: operations["list_users"];
        put?: never;
        /**
         * Create User
         * @description Invite somebody; the answer is the only one that ever holds the link.
         */
        post: operations["create_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get User
         * @description Show somebody.
         */
        get: operations["get_user"];
        put?: never;
        post?: never;
        /**
         * Delete User
         * @description Delete somebody, who can be restored.
         */
        delete: operations["delete_user"];
        options?: never;
        head?: never;
        /**
         * Update User
         * @description Change what the body names; ``{"enabled": false}`` signs somebody out everywhere.
         */
        patch: operations["update_user"];
        trace?: never;
    };
    "/api/v1/users/{ref}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make Link
         * @description Make a one-time link with which somebody sets a password.
         */
        post: operations["make_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{ref}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore User
         * @description Bring somebody deleted back.
         */
        post: operations["restore_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{ref}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Sessions Of
         * @description List where somebody is signed in.
         */
        get: operations["list_sessions_of"];
        put?: never;
        post?: never;
        /**
         * End Sessions Of
         * @description Sign somebody out everywhere.
         */
        delete: operations["end_sessions_of"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{ref}/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End Session Of
         * @description End one session of somebody.
         */
        delete: operations["end_session_of"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{ref}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Tokens
         * @description List somebody's tokens.
         */
        get: operations["list_tokens"];
        put?: never;
        /**
         * Issue Token
         * @description Make a token; the answer is the only one that ever holds its secret.
         */
        post: operations["issue_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{ref}/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Token
         * @description Take a token away.
         */
        delete: operations["revoke_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{owners}/{ref}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Limits
         * @description Show limits, what was used of them this month and year, and when they reset.
         */
        get: operations["show_limits"];
        /**
         * Set Limits
         * @description Set the limits that the body names; null takes one away.
         */
        put: operations["set_limits"];
        post?: never;
        /**
         * Clear Limits
         * @description Take the limits of one period, or all, away.
         */
        delete: operations["clear_limits"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health
         * @description Alive; asks nobody else, so that an outage of the database restarts no process.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ready
         * @description 200 while this node should be sent requests, 503 while it starts or drains.
         *
         *     Without its database a node still serves keys it knows, so it stays ready and says ``degraded``.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics
         * @description For Prometheus; all workers of this node together. With ``metrics.token`` it asks for it.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Chat completion, plain or streamed (SSE) */
        post: operations["createChatCompletion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/generation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One request's record */
        get: operations["showGeneration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The calling key */
        get: operations["showOwnKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Models */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One model */
        get: operations["showModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Own usage */
        get: operations["showOwnStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Administrator
         * @description Somebody who administers an organization.
         */
        Administrator: {
            /** Email */
            email: string;
            /** Id */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * AliasList
         * @description Every alias, by name.
         */
        AliasList: {
            /** Items */
            items: components["schemas"]["AliasPublic"][];
        };
        /**
         * AliasPublic
         * @description Another name for a model.
         */
        AliasPublic: {
            /** Editable */
            editable: boolean;
            /** Model */
            model: string;
            /** Name */
            name: string;
            /**
             * Origin
             * @enum {string}
             */
            origin: "default" | "file" | "environment" | "stored" | "flag";
        };
        /**
         * AliasPut
         * @description What an alias stands for.
         */
        AliasPut: {
            /** Model */
            model: string;
        };
        /**
         * AllowedTools
         * @description The part of the tools that may be called, and whether one must be.
         */
        AllowedTools: {
            /** @enum {unknown} */
            mode: "auto" | "required";
            tools: Record<string, never>[];
        };
        /**
         * AuditEntryPublic
         * @description What readers of the audit log see.
         */
        AuditEntryPublic: {
            /** Action */
            action: string;
            /** Actor Id */
            actor_id: string;
            /**
             * Actor Kind
             * @enum {string}
             */
            actor_kind: "user" | "key" | "token" | "cli" | "system";
            /** Actor Name */
            actor_name: string;
            /** After */
            after: {
                [key: string]: unknown;
            };
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Before */
            before: {
                [key: string]: unknown;
            };
            /** Id */
            id: string;
            /** Ip */
            ip: string;
            /** Org Id */
            org_id: string;
            /** Target Id */
            target_id: string;
            /** Target Kind */
            target_kind: string;
            /** Target Name */
            target_name: string;
            /**
             * Via
             * @enum {string}
             */
            via: "ui" | "api" | "cli";
        };
        /**
         * CalendarShown
         * @description The IANA name of ``reporting_timezone``.
         */
        CalendarShown: {
            /** Timezone */
            timezone: string;
        };
        /**
         * ChatRequest
         * @description ``POST /v1/chat/completions``; token counts are tokens, ``temperature`` is 0 to 2.
         */
        ChatRequest: {
            /** @default null */
            audio: Record<string, never> | null;
            /** @default null */
            cache_control: Record<string, never> | null;
            /** @default null */
            frequency_penalty: number | null;
            /** @default null */
            function_call: string | components["schemas"]["NamedFunction"] | null;
            /** @default null */
            functions: components["schemas"]["Function"][] | null;
            /** @default null */
            logit_bias: {
                [key: string]: number;
            } | null;
            /** @default null */
            logprobs: boolean | null;
            /** @default null */
            max_completion_tokens: number | null;
            /** @default null */
            max_tokens: number | null;
            messages: components["schemas"]["Message"][];
            /** @default null */
            metadata: Record<string, never> | null;
            /** @default null */
            modalities: string[] | null;
            model: string;
            /** @default null */
            models: string[] | null;
            /** @default null */
            n: number | null;
            /** @default null */
            parallel_tool_calls: boolean | null;
            /** @default null */
            presence_penalty: number | null;
            /** @default null */
            prompt_cache_options: Record<string, never> | null;
            /** @default null */
            provider: components["schemas"]["ProviderChoice"] | null;
            /** @default null */
            reasoning: components["schemas"]["Reasoning"] | null;
            /** @default null */
            reasoning_effort: ("high" | "low" | "max" | "medium" | "minimal" | "none" | "xhigh") | null;
            /** @default null */
            response_format: components["schemas"]["ResponseFormat"] | null;
            /** @default null */
            safety_identifier: string | null;
            /** @default null */
            seed: number | null;
            /** @default null */
            service_tier: string | null;
            /** @default null */
            stop: string | string[] | null;
            /** @default null */
            stream: boolean | null;
            /** @default null */
            stream_options: components["schemas"]["StreamOptions"] | null;
            /** @default null */
            temperature: number | null;
            /** @default null */
            tool_choice: string | components["schemas"]["ToolChoiceObject"] | null;
            /** @default null */
            tools: components["schemas"]["Tool"][] | null;
            /** @default null */
            top_k: number | null;
            /** @default null */
            top_logprobs: number | null;
            /** @default null */
            top_p: number | null;
            /** @default null */
            user: string | null;
            /** @default null */
            verbosity: string | null;
            /** @default null */
            web_search_options: Record<string, never> | null;
        };
        /** @description OpenAI's chat.completion, with usage.cost. */
        Completion: Record<string, never>;
        /**
         * Counts
         * @description How much there is; deleted ones do not count.
         */
        Counts: {
            /** Keys */
            keys: number;
            /** Orgs */
            orgs: number;
            /** Users */
            users: number;
        };
        /**
         * DatabaseInfo
         * @description The primary database. ``schema_revision`` is the newest migration that was applied.
         */
        DatabaseInfo: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "sqlite" | "mysql" | "mariadb" | "postgresql";
            /** Schema Needed */
            schema_needed: string;
            /** Schema Revision */
            schema_revision: string | null;
            /** Size Bytes */
            size_bytes: number | null;
            /** Version */
            version: string;
        };
        /**
         * DimensionReport
         * @description One of requests, tokens and cost (USD as decimal text). ``limit`` None: unlimited.
         */
        DimensionReport: {
            /** Limit */
            limit: number | string | null;
            /** Percent */
            percent: number | null;
            /** Projected */
            projected: number | string;
            /** Remaining */
            remaining: number | string | null;
            /** Reserved */
            reserved: number | string;
            /** Used */
            used: number | string;
        };
        /**
         * Distribution
         * @description Milliseconds of requests that succeeded; percentiles are read from a histogram.
         */
        Distribution: {
            /** Mean */
            mean: number;
            /** P50 */
            p50: number;
            /** P95 */
            p95: number;
            /** P99 */
            p99: number;
        };
        Error: {
            error: {
                code: string;
                message: string;
                param?: string | null;
                request_id?: string;
                type: string;
            };
        };
        /**
         * FallbackList
         * @description Every model that has fallbacks, by name.
         */
        FallbackList: {
            /** Items */
            items: components["schemas"]["FallbackPublic"][];
        };
        /**
         * FallbackPublic
         * @description Models tried in turn when the providers of ``model`` fail.
         */
        FallbackPublic: {
            /** Editable */
            editable: boolean;
            /** Model */
            model: string;
            /** Models */
            models: string[];
            /**
             * Origin
             * @enum {string}
             */
            origin: "default" | "file" | "environment" | "stored" | "flag";
        };
        /**
         * FallbackPut
         * @description The models to try, in their order.
         */
        FallbackPut: {
            /** Models */
            models: string[];
        };
        /**
         * Figures
         * @description Sums over requests. ``cost_usd`` is None where nothing has a known price.
         *
         *     ``unpriced`` requests used something whose price is not known: the cost leaves them out.
         */
        Figures: {
            /**
             * Cache Write Tokens
             * @default 0
             */
            cache_write_tokens: number;
            /**
             * Cached Tokens
             * @default 0
             */
            cached_tokens: number;
            /** Cost Usd */
            cost_usd?: string | null;
            /**
             * Errors
             * @default 0
             */
            errors: number;
            /**
             * Input Tokens
             * @default 0
             */
            input_tokens: number;
            latency_ms?: components["schemas"]["Distribution"] | null;
            /**
             * Output Tokens
             * @default 0
             */
            output_tokens: number;
            /**
             * Reasoning Tokens
             * @default 0
             */
            reasoning_tokens: number;
            /**
             * Requests
             * @default 0
             */
            requests: number;
            /**
             * Streams
             * @default 0
             */
            streams: number;
            /**
             * Total Tokens
             * @default 0
             */
            total_tokens: number;
            ttft_ms?: components["schemas"]["Distribution"] | null;
            /**
             * Unpriced
             * @default 0
             */
            unpriced: number;
        };
        /**
         * FileRef
         * @description ``file_data`` is a data URL (or an http(s) URL, as OpenRouter takes it).
         */
        FileRef: {
            /** @default null */
            file_data: string | null;
            /** @default null */
            file_id: string | null;
            /** @default null */
            filename: string | null;
        };
        /**
         * FullestLimit
         * @description The limit of an organization or key of which the most is used.
         */
        FullestLimit: {
            /**
             * Dimension
             * @enum {string}
             */
            dimension: "requests" | "tokens" | "cost";
            /** Percent */
            percent: number;
            /**
             * Period
             * @enum {string}
             */
            period: "month" | "year";
        };
        /**
         * Function
         * @description A function that the model may call; ``parameters`` is a JSON schema.
         */
        Function: {
            /** @default null */
            cache_control: Record<string, never> | null;
            /** @default null */
            description: string | null;
            name: string;
            /** @default null */
            parameters: Record<string, never> | null;
            /** @default null */
            strict: boolean | null;
        };
        /**
         * FunctionCall
         * @description ``arguments`` is JSON text, as the model wrote it.
         */
        FunctionCall: {
            /** @default  */
            arguments: string;
            name: string;
        };
        /** @description One request: tokens, cost, attempts. */
        Generation: Record<string, never>;
        /** HTTPValidationError */
        HTTPValidationError: {
            /** Detail */
            detail?: components["schemas"]["ValidationError"][];
        };
        /**
         * ImageURL
         * @description ``url`` is http(s) or ``data:<mime>;base64,…``.
         */
        ImageURL: {
            /** @default null */
            detail: string | null;
            url: string;
        };
        /**
         * InputAudio
         * @description Base64 audio; ``format`` is ``wav`` or ``mp3``.
         */
        InputAudio: {
            data: string;
            format: string;
        };
        /**
         * Invitation
         * @description The one-time link of an administrator who was not known before; shown this once.
         */
        Invitation: {
            /** Email */
            email: string;
            /** Link */
            link: string;
            /**
             * Link Expires At
             * Format: date-time
             */
            link_expires_at: string;
        };
        /**
         * JournalInfo
         * @description Where usage waits until the database has it.
         */
        JournalInfo: {
            /** Directory */
            directory: string | null;
            /**
             * Mode
             * @enum {string}
             */
            mode: "journal" | "direct";
            /** Writers */
            writers: number;
        };
        /**
         * JsonSchema
         * @description The schema that the answer shall follow.
         */
        JsonSchema: {
            /** @default null */
            description: string | null;
            /** @default null */
            name: string | null;
            /** @default null */
            schema: Record<string, never> | null;
            /** @default null */
            strict: boolean | null;
        };
        /** @description The calling key and its organization's limits. */
        Key: Record<string, never>;
        /**
         * KeyCreate
         * @description The body of an issue.
         */
        KeyCreate: {
            /**
             * Description
             * @default
             */
            description: string;
            /** Expires At */
            expires_at?: string | null;
            /** Name */
            name: string;
            /**
             * Permission
             * @default write
             * @enum {string}
             */
            permission: "read" | "write" | "admin";
        };
        /**
         * KeyIssued
         * @description The only answer that ever holds the secret; None if the key was there before.
         */
        KeyIssued: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Deleted At */
            deleted_at: string | null;
            /**
             * Description
             * @default
             */
            description: string;
            /** Enabled */
            enabled: boolean;
            /** Expires At */
            expires_at?: string | null;
            /** Id */
            id: string;
            /** Key */
            key?: string | null;
            /** Last4 */
            last4: string;
            /** Name */
            name: string;
            /** Org Id */
            org_id: string;
            /** Org Name */
            org_name: string;
            /**
             * Permission
             * @default write
             * @enum {string}
             */
            permission: "read" | "write" | "admin";
            /** Prefix */
            prefix: string;
            /** Previous Expires At */
            previous_expires_at: string | null;
            /** Rotated At */
            rotated_at: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "active" | "disabled" | "expired" | "deleted";
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * KeyListed
         * @description A row of a list; ``usage`` is there if it was asked for (``include=usage``).
         */
        KeyListed: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Deleted At */
            deleted_at: string | null;
            /**
             * Description
             * @default
             */
            description: string;
            /** Enabled */
            enabled: boolean;
            /** Expires At */
            expires_at?: string | null;
            /** Id */
            id: string;
            /** Last4 */
            last4: string;
            /** Name */
            name: string;
            /** Org Id */
            org_id: string;
            /** Org Name */
            org_name: string;
            /**
             * Permission
             * @default write
             * @enum {string}
             */
            permission: "read" | "write" | "admin";
            /** Prefix */
            prefix: string;
            /** Previous Expires At */
            previous_expires_at: string | null;
            /** Rotated At */
            rotated_at: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "active" | "disabled" | "expired" | "deleted";
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            usage?: components["schemas"]["MonthUsage"] | null;
        };
        /**
         * KeyMove
         * @description Where a key goes: an organization's id or exact name.
         */
        KeyMove: {
            /** Org */
            org: string;
        };
        /**
         * KeyPublic
         * @description What callers see; never a digest. ``status`` counts the organization's state in.
         */
        KeyPublic: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Deleted At */
            deleted_at: string | null;
            /**
             * Description
             * @default
             */
            description: string;
            /** Enabled */
            enabled: boolean;
            /** Expires At */
            expires_at?: string | null;
            /** Id */
            id: string;
            /** Last4 */
            last4: string;
            /** Name */
            name: string;
            /** Org Id */
            org_id: string;
            /** Org Name */
            org_name: string;
            /**
             * Permission
             * @default write
             * @enum {string}
             */
            permission: "read" | "write" | "admin";
            /** Prefix */
            prefix: string;
            /** Previous Expires At */
            previous_expires_at: string | null;
            /** Rotated At */
            rotated_at: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "active" | "disabled" | "expired" | "deleted";
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * KeyRotate
         * @description How a key is rotated: for how many seconds the old secret still works.
         */
        KeyRotate: {
            /**
             * Grace S
             * @default 0
             */
            grace_s: number;
        };
        /**
         * KeyTail
         * @description What may be shown of a provider's key; empty where it is too short to show anything.
         */
        KeyTail: {
            /** Last4 */
            last4: string;
        };
        /**
         * KeyTrial
         * @description One key of a provider, tried; ``key`` is the provider's name and the key's number.
         */
        KeyTrial: {
            /** Code */
            code: string | null;
            /** Error */
            error: string | null;
            /** Key */
            key: string;
            /** Latency Ms */
            latency_ms: number;
            /** Ok */
            ok: boolean;
        };
        /**
         * KeyUpdate
         * @description What is to change: fields that are left out stay as they are.
         */
        KeyUpdate: {
            /**
             * Description
             * @default
             */
            description: string;
            /**
             * Enabled
             * @default true
             */
            enabled: boolean;
            /** Expires At */
            expires_at?: string | null;
            /**
             * Name
             * @default
             */
            name: string;
            /**
             * Permission
             * @default write
             * @enum {string}
             */
            permission: "read" | "write" | "admin";
        };
        /**
         * KeyVerify
         * @description A secret, to be told whose key it is.
         */
        KeyVerify: {
            /** Key */
            key: string;
        };
        /**
         * LimitReport
         * @description How an organization or key stands: the month, then the year, limited or not.
         */
        LimitReport: {
            /** Limited */
            limited: boolean;
            /** Name */
            name: string;
            /** Periods */
            periods: components["schemas"]["PeriodReport"][];
            /**
             * Scope
             * @enum {string}
             */
            scope: "org" | "key";
            /** Subject Id */
            subject_id: string;
        };
        /**
         * LimitSet
         * @description What is to change: a dimension that is left out stays, None takes its limit away.
         */
        LimitSet: {
            /** Cost */
            cost?: number | string | null;
            /**
             * Period
             * @default month
             * @enum {string}
             */
            period: "month" | "year";
            /** Requests */
            requests?: number | null;
            /** Tokens */
            tokens?: number | null;
        };
        /**
         * LimitStanding
         * @description How an organization or key stands in a period that it has limits for.
         */
        LimitStanding: {
            cost: components["schemas"]["DimensionReport"];
            /** Id */
            id: string;
            /** Key */
            key: string;
            /** Name */
            name: string;
            /** Org Id */
            org_id: string;
            /** Org Name */
            org_name: string;
            /** Percent */
            percent: number;
            /**
             * Period
             * @enum {string}
             */
            period: "month" | "year";
            requests: components["schemas"]["DimensionReport"];
            /**
             * Resets At
             * Format: date-time
             */
            resets_at: string;
            /**
             * Scope
             * @enum {string}
             */
            scope: "org" | "key";
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
            tokens: components["schemas"]["DimensionReport"];
        };
        /**
         * LinkMade
         * @description The only answer that ever holds the link.
         */
        LinkMade: {
            /** Link */
            link: string;
            /**
             * Link Expires At
             * Format: date-time
             */
            link_expires_at: string;
        };
        /**
         * LinkPublic
         * @description Whom a link is for.
         */
        LinkPublic: {
            /** Email */
            email: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Name */
            name: string;
            /**
             * Purpose
             * @enum {string}
             */
            purpose: "setup" | "invite" | "reset";
        };
        /**
         * LinkUse
         * @description What somebody answers to a link; ``email`` is taken from a ``setup`` link's user only.
         */
        LinkUse: {
            /** Email */
            email?: string | null;
            /** Name */
            name?: string | null;
            /**
             * Password
             * Format: password
             */
            password: string;
            /**
             * Token
             * Format: password
             */
            token: string;
        };
        /**
         * LoggedRequest
         * @description One request. Durations are milliseconds; ``cost_usd`` is None where no price is known.
         */
        LoggedRequest: {
            /** At */
            at: string;
            /** Attempts */
            attempts: number;
            /** Cache Write Tokens */
            cache_write_tokens: number;
            /** Cached Tokens */
            cached_tokens: number;
            /** Code */
            code: string;
            /** Cost Usd */
            cost_usd: string | null;
            /** Error */
            error: string;
            /** Finish */
            finish: string;
            /** Id */
            id: string;
            /** Input Tokens */
            input_tokens: number;
            /** Key */
            key: string;
            /** Key Id */
            key_id: string;
            /** Latency Ms */
            latency_ms: number;
            /** Model */
            model: string;
            /** Org */
            org: string;
            /** Org Id */
            org_id: string;
            /** Output Tokens */
            output_tokens: number;
            /** Provider */
            provider: string;
            /** Reasoning Tokens */
            reasoning_tokens: number;
            /** Request Id */
            request_id: string;
            /** Source */
            source: string;
            /** Status */
            status: number;
            /** Stream */
            stream: boolean;
            /** Tries */
            tries: {
                [key: string]: unknown;
            }[];
            /** Ttft Ms */
            ttft_ms: number | null;
            /** Upstream Model */
            upstream_model: string;
        };
        /**
         * Message
         * @description One message of the conversation, of any role.
         */
        Message: {
            /** @default null */
            cache_control: Record<string, never> | null;
            /** @default null */
            content: string | components["schemas"]["Part"][] | null;
            /** @default null */
            extra_content: Record<string, never> | null;
            /** @default null */
            function_call: components["schemas"]["FunctionCall"] | null;
            /** @default null */
            images: components["schemas"]["Part"][] | null;
            /** @default null */
            name: string | null;
            /** @default null */
            reasoning: string | null;
            /** @default null */
            reasoning_content: string | null;
            /** @default null */
            reasoning_details: Record<string, never>[] | null;
            /** @default null */
            refusal: string | null;
            /** @enum {unknown} */
            role: "assistant" | "developer" | "function" | "system" | "tool" | "user";
            /** @default null */
            tool_call_id: string | null;
            /** @default null */
            tool_calls: components["schemas"]["ToolCall"][] | null;
        };
        Model: {
            capabilities?: Record<string, never>;
            context_length?: number | null;
            created?: number;
            /** @example openai/gpt-4 */
            id?: string;
            /** @constant */
            object?: "model";
            owned_by?: string;
            /** @description USD per token, as strings. */
            pricing?: Record<string, never> | null;
        };
        /**
         * ModelCreate
         * @description A model that the catalogue does not know; None: not known.
         */
        ModelCreate: {
            /** Cache Write Per Mtok */
            cache_write_per_mtok?: number | string | null;
            /** Cached Input Per Mtok */
            cached_input_per_mtok?: number | string | null;
            /** Context */
            context?: number | null;
            /** Enabled */
            enabled?: boolean | null;
            /** Id */
            id: string;
            /** Input Per Mtok */
            input_per_mtok?: number | string | null;
            /** Max Output */
            max_output?: number | null;
            /** Output Per Mtok */
            output_per_mtok?: number | string | null;
            /** Upstream */
            upstream?: string | null;
        };
        /**
         * ModelDetail
         * @description A model with everything that is known of it.
         */
        ModelDetail: {
            /** Aliases */
            aliases: string[];
            /** Capabilities */
            capabilities: {
                [key: string]: boolean;
            };
            /** Context */
            context: number | null;
            /** Enabled */
            enabled: boolean;
            /** Fallbacks */
            fallbacks: string[];
            /** Id */
            id: string;
            /** Max Output */
            max_output: number | null;
            /**
             * Origin
             * @enum {string}
             */
            origin: "shipped" | "config" | "unlisted";
            /**
             * Price Origin
             * @enum {string}
             */
            price_origin: "catalogue" | "file" | "environment" | "flag" | "stored" | "none";
            prices: components["schemas"]["ModelPrices"];
            /** Provider */
            provider: string;
            /** Provider Enabled */
            provider_enabled: boolean;
            /** Requests 30D */
            requests_30d?: number | null;
            /** Set By */
            set_by: {
                [key: string]: "default" | "file" | "environment" | "stored" | "flag";
            };
            /** Stored */
            stored: string[];
            /** Tiers */
            tiers: {
                [key: string]: unknown;
            }[];
            /** Upstream */
            upstream: string;
        };
        /**
         * ModelPrices
         * @description None: not known, which is not zero.
         */
        ModelPrices: {
            /** Cache Write Per Mtok */
            cache_write_per_mtok: string | null;
            /** Cached Input Per Mtok */
            cached_input_per_mtok: string | null;
            /** Input Per Mtok */
            input_per_mtok: string | null;
            /** Output Per Mtok */
            output_per_mtok: string | null;
        };
        /**
         * ModelPublic
         * @description One model. ``enabled`` is its own switch; it can be asked if its provider is on too.
         */
        ModelPublic: {
            /** Aliases */
            aliases: string[];
            /** Capabilities */
            capabilities: {
                [key: string]: boolean;
            };
            /** Context */
            context: number | null;
            /** Enabled */
            enabled: boolean;
            /** Id */
            id: string;
            /** Max Output */
            max_output: number | null;
            /**
             * Origin
             * @enum {string}
             */
            origin: "shipped" | "config" | "unlisted";
            /**
             * Price Origin
             * @enum {string}
             */
            price_origin: "catalogue" | "file" | "environment" | "flag" | "stored" | "none";
            prices: components["schemas"]["ModelPrices"];
            /** Provider */
            provider: string;
            /** Provider Enabled */
            provider_enabled: boolean;
            /** Requests 30D */
            requests_30d?: number | null;
            /** Stored */
            stored: string[];
            /** Upstream */
            upstream: string;
        };
        /**
         * ModelUpdate
         * @description What is to change; None forgets what was set here, so that file or catalogue hold again.
         */
        ModelUpdate: {
            /** Cache Write Per Mtok */
            cache_write_per_mtok?: number | string | null;
            /** Cached Input Per Mtok */
            cached_input_per_mtok?: number | string | null;
            /** Context */
            context?: number | null;
            /** Enabled */
            enabled?: boolean | null;
            /** Input Per Mtok */
            input_per_mtok?: number | string | null;
            /** Max Output */
            max_output?: number | null;
            /** Output Per Mtok */
            output_per_mtok?: number | string | null;
            /** Upstream */
            upstream?: string | null;
        };
        /**
         * MonthUsage
         * @description What was used in the current month, as limits count it: requests that were answered.
         */
        MonthUsage: {
            /** Cost Usd */
            cost_usd: string | null;
            /** Last Used At */
            last_used_at: string | null;
            limit: components["schemas"]["FullestLimit"] | null;
            /** Month */
            month: string;
            /** Requests */
            requests: number;
            /** Tokens */
            tokens: number;
            /** Unpriced */
            unpriced: number;
        };
        /**
         * NamedFunction
         * @description A function by its name alone.
         */
        NamedFunction: {
            name: string;
        };
        /**
         * NewPassword
         * @description A change of one's own password.
         */
        NewPassword: {
            /**
             * Current Password
             * Format: password
             */
            current_password: string;
            /**
             * New Password
             * Format: password
             */
            new_password: string;
        };
        /**
         * NodeInfo
         * @description One machine that serves, and how many processes of it do.
         */
        NodeInfo: {
            /** Node */
            node: string;
            /** Workers */
            workers: number;
        };
        /**
         * OrganizationAdministered
         * @description The answer to a creation or change: links for administrators who were invited by it.
         */
        OrganizationAdministered: {
            /**
             * Admins
             * @default []
             */
            admins: components["schemas"]["Administrator"][];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Deleted At */
            deleted_at: string | null;
            /**
             * Description
             * @default
             */
            description: string;
            /** Enabled */
            enabled: boolean;
            /** Id */
            id: string;
            /**
             * Invitations
             * @default []
             */
            invitations: components["schemas"]["Invitation"][];
            /** Name */
            name: string;
            /**
             * Status
             * @enum {string}
             */
            status: "active" | "disabled" | "deleted";
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * OrganizationCreate
         * @description The body of a creation. ``admins`` are addresses; those unknown are invited.
         */
        OrganizationCreate: {
            /** Admins */
            admins?: string[];
            /**
             * Description
             * @default
             */
            description: string;
            /** Name */
            name: string;
        };
        /**
         * OrganizationDeleted
         * @description The answer to a deletion: how many keys worked until now.
         */
        OrganizationDeleted: {
            /**
             * Admins
             * @default []
             */
            admins: components["schemas"]["Administrator"][];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Deleted At */
            deleted_at: string | null;
            /**
             * Description
             * @default
             */
            description: string;
            /** Enabled */
            enabled: boolean;
            /** Id */
            id: string;
            /** Keys Stopped */
            keys_stopped: number;
            /** Name */
            name: string;
            /**
             * Status
             * @enum {string}
             */
            status: "active" | "disabled" | "deleted";
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * OrganizationListed
         * @description A row of a list; ``usage`` is there if it was asked for (``include=usage``).
         */
        OrganizationListed: {
            /**
             * Admins
             * @default []
             */
            admins: components["schemas"]["Administrator"][];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Deleted At */
            deleted_at: string | null;
            /**
             * Description
             * @default
             */
            description: string;
            /** Enabled */
            enabled: boolean;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * Status
             * @enum {string}
             */
            status: "active" | "disabled" | "deleted";
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            usage?: components["schemas"]["OrganizationUsage"] | null;
        };
        /**
         * OrganizationPublic
         * @description What callers see. ``admins``: for those who may see its members.
         */
        OrganizationPublic: {
            /**
             * Admins
             * @default []
             */
            admins: components["schemas"]["Administrator"][];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Deleted At */
            deleted_at: string | null;
            /**
             * Description
             * @default
             */
            description: string;
            /** Enabled */
            enabled: boolean;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * Status
             * @enum {string}
             */
            status: "active" | "disabled" | "deleted";
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * OrganizationRef
         * @description An organization by id, and how it is called now.
         */
        OrganizationRef: {
            /** Id */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * OrganizationUpdate
         * @description What is to change: fields that are left out stay as they are.
         */
        OrganizationUpdate: {
            /** Admins */
            admins?: string[];
            /**
             * Description
             * @default
             */
            description: string;
            /**
             * Enabled
             * @default true
             */
            enabled: boolean;
            /**
             * Name
             * @default
             */
            name: string;
        };
        /**
         * OrganizationUsage
         * @description The same of an organization, with its keys.
         */
        OrganizationUsage: {
            /** Cost Usd */
            cost_usd: string | null;
            /** Keys Active */
            keys_active: number;
            /** Keys Total */
            keys_total: number;
            /** Last Used At */
            last_used_at: string | null;
            limit: components["schemas"]["FullestLimit"] | null;
            /** Month */
            month: string;
            /** Requests */
            requests: number;
            /** Tokens */
            tokens: number;
            /** Unpriced */
            unpriced: number;
        };
        /** Page[AuditEntryPublic] */
        Page_AuditEntryPublic_: {
            /** Items */
            items: components["schemas"]["AuditEntryPublic"][];
            /** Page */
            page: number;
            /** Page Size */
            page_size: number;
            /** Total */
            total: number;
        };
        /** Page[KeyListed] */
        Page_KeyListed_: {
            /** Items */
            items: components["schemas"]["KeyListed"][];
            /** Page */
            page: number;
            /** Page Size */
            page_size: number;
            /** Total */
            total: number;
        };
        /** Page[LimitStanding] */
        Page_LimitStanding_: {
            /** Items */
            items: components["schemas"]["LimitStanding"][];
            /** Page */
            page: number;
            /** Page Size */
            page_size: number;
            /** Total */
            total: number;
        };
        /** Page[ModelPublic] */
        Page_ModelPublic_: {
            /** Items */
            items: components["schemas"]["ModelPublic"][];
            /** Page */
            page: number;
            /** Page Size */
            page_size: number;
            /** Total */
            total: number;
        };
        /** Page[OrganizationListed] */
        Page_OrganizationListed_: {
            /** Items */
            items: components["schemas"]["OrganizationListed"][];
            /** Page */
            page: number;
            /** Page Size */
            page_size: number;
            /** Total */
            total: number;
        };
        /** Page[TokenPublic] */
        Page_TokenPublic_: {
            /** Items */
            items: components["schemas"]["TokenPublic"][];
            /** Page */
            page: number;
            /** Page Size */
            page_size: number;
            /** Total */
            total: number;
        };
        /** Page[UserPublic] */
        Page_UserPublic_: {
            /** Items */
            items: components["schemas"]["UserPublic"][];
            /** Page */
            page: number;
            /** Page Size */
            page_size: number;
            /** Total */
            total: number;
        };
        /** Page[UserSessionPublic] */
        Page_UserSessionPublic_: {
            /** Items */
            items: components["schemas"]["UserSessionPublic"][];
            /** Page */
            page: number;
            /** Page Size */
            page_size: number;
            /** Total */
            total: number;
        };
        /**
         * Part
         * @description One content part; ``type`` says which of the other fields is set.
         */
        Part: {
            /** @default null */
            cache_control: Record<string, never> | null;
            /** @default null */
            file: components["schemas"]["FileRef"] | null;
            /** @default null */
            image_url: string | components["schemas"]["ImageURL"] | null;
            /** @default null */
            input_audio: components["schemas"]["InputAudio"] | null;
            /** @default null */
            prompt_cache_breakpoint: Record<string, never> | null;
            /** @default null */
            refusal: string | null;
            /** @default null */
            text: string | null;
            type: string;
            /** @default null */
            video_url: components["schemas"]["VideoURL"] | null;
        };
        /**
         * PeriodReport
         * @description How a subject stands in the current month or year.
         */
        PeriodReport: {
            cost: components["schemas"]["DimensionReport"];
            /** Key */
            key: string;
            /**
             * Period
             * @enum {string}
             */
            period: "month" | "year";
            requests: components["schemas"]["DimensionReport"];
            /**
             * Resets At
             * Format: date-time
             */
            resets_at: string;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
            tokens: components["schemas"]["DimensionReport"];
        };
        /**
         * ProviderChoice
         * @description OpenRouter's ``provider`` object, as far as a gateway decides by it.
         */
        ProviderChoice: {
            /** @default null */
            allow_fallbacks: boolean | null;
            /** @default null */
            ignore: string[] | null;
            /** @default null */
            only: string[] | null;
            /** @default null */
            order: string[] | null;
        };
        /**
         * ProviderCreate
         * @description The body of an addition.
         */
        ProviderCreate: {
            /**
             * Allow Http
             * @default false
             */
            allow_http: boolean;
            /**
             * Allow Unlisted Models
             * @default false
             */
            allow_unlisted_models: boolean;
            /**
             * Api Keys
             * @default []
             */
            api_keys: string[];
            /**
             * Base Url
             * @default
             */
            base_url: string;
            /** Connect Timeout S */
            connect_timeout_s?: number | null;
            /** Enabled */
            enabled?: boolean | null;
            /**
             * Headers
             * @default {}
             */
            headers: {
                [key: string]: string;
            };
            /** Name */
            name: string;
            /** Timeout S */
            timeout_s?: number | null;
            /**
             * Type
             * @enum {string}
             */
            type: "openai" | "anthropic" | "google" | "openrouter" | "compatible" | "demo";
        };
        /**
         * ProviderFailure
         * @description The last failure of the last hour, as the request log has it.
         */
        ProviderFailure: {
            /** At */
            at: string;
            /** Code */
            code: string;
            /** Message */
            message: string;
        };
        /**
         * ProviderHour
         * @description Requests of the current hour and the one before; milliseconds, None without a success.
         */
        ProviderHour: {
            /** Errors */
            errors: number;
            /** P50 Ms */
            p50_ms: number | null;
            /** P95 Ms */
            p95_ms: number | null;
            /** Requests */
            requests: number;
        };
        /**
         * ProviderList
         * @description Every provider, in the order of the configuration.
         */
        ProviderList: {
            /** Items */
            items: components["schemas"]["ProviderPublic"][];
        };
        /**
         * ProviderPublic
         * @description A provider without its secrets. ``models`` counts those of the catalogue.
         *
         *     ``editable`` False: only ``enabled`` can be changed here. ``problem`` tells why a stored
         *     provider is not in force.
         */
        ProviderPublic: {
            /** Allow Http */
            allow_http: boolean;
            /** Allow Unlisted Models */
            allow_unlisted_models: boolean;
            /** Base Url */
            base_url: string;
            /** Connect Timeout S */
            connect_timeout_s: number | null;
            /** Editable */
            editable: boolean;
            /** Enabled */
            enabled: boolean;
            /** Headers */
            headers: string[];
            /** Keys */
            keys: components["schemas"]["KeyTail"][];
            last_error: components["schemas"]["ProviderFailure"] | null;
            /** Models */
            models: number;
            /** Name */
            name: string;
            /**
             * Origin
             * @enum {string}
             */
            origin: "file" | "environment" | "flag" | "stored" | "built-in";
            /** Problem */
            problem: string | null;
            stats_1h: components["schemas"]["ProviderHour"];
            /** Timeout S */
            timeout_s: number | null;
            /**
             * Type
             * @enum {string}
             */
            type: "openai" | "anthropic" | "google" | "openrouter" | "compatible" | "demo";
        };
        /**
         * ProviderTest
         * @description A provider asked once with each of its keys; ``error`` is the first failure, scrubbed.
         */
        ProviderTest: {
            /** Error */
            error: string | null;
            /** Keys */
            keys: components["schemas"]["KeyTrial"][];
            /** Latency Ms */
            latency_ms: number;
            /** Models */
            models: number;
            /** Ok */
            ok: boolean;
        };
        /**
         * ProviderUpdate
         * @description What is to change: fields that are left out stay as they are.
         *
         *     A new ``base_url`` wants ``api_keys`` (and ``headers``, if there are any) again.
         */
        ProviderUpdate: {
            /**
             * Allow Http
             * @default false
             */
            allow_http: boolean;
            /**
             * Allow Unlisted Models
             * @default false
             */
            allow_unlisted_models: boolean;
            /**
             * Api Keys
             * @default []
             */
            api_keys: string[];
            /**
             * Base Url
             * @default
             */
            base_url: string;
            /** Connect Timeout S */
            connect_timeout_s?: number | null;
            /** Enabled */
            enabled?: boolean | null;
            /**
             * Headers
             * @default {}
             */
            headers: {
                [key: string]: string;
            };
            /** Timeout S */
            timeout_s?: number | null;
        };
        /**
         * Reasoning
         * @description OpenRouter's ``reasoning`` object.
         */
        Reasoning: {
            /** @default null */
            effort: ("high" | "low" | "max" | "medium" | "minimal" | "none" | "xhigh") | null;
            /** @default null */
            enabled: boolean | null;
            /** @default null */
            exclude: boolean | null;
            /** @default null */
            max_tokens: number | null;
        };
        /**
         * RequestLogPage
         * @description A page as HTTP shows it. ``total`` is None where only reading every row would tell.
         */
        RequestLogPage: {
            /** Items */
            items: components["schemas"]["LoggedRequest"][];
            /** Next */
            next: string | null;
            /** Page */
            page: number;
            /** Page Size */
            page_size: number;
            /** Total */
            total: number | null;
        };
        /**
         * ResponseFormat
         * @description ``text``, ``json_object`` or ``json_schema``.
         */
        ResponseFormat: {
            /** @default null */
            json_schema: components["schemas"]["JsonSchema"] | null;
            type: string;
        };
        /**
         * SessionPublic
         * @description Who is signed in, and what a page may offer them.
         */
        SessionPublic: {
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Permissions */
            permissions: ("orgs.read" | "orgs.write" | "keys.read" | "keys.write" | "limits.read" | "limits.write" | "members.read" | "stats.read" | "requests.read" | "audit.read" | "models.read" | "models.write" | "providers.read" | "providers.write" | "system.read" | "settings.read" | "settings.write" | "users.read" | "users.write")[];
            /** Reporting Timezone */
            reporting_timezone: string;
            user: components["schemas"]["UserPublic"];
            /** Version */
            version: string;
        };
        /**
         * SessionState
         * @description What anybody may know: whether there is somebody yet who can sign in.
         */
        SessionState: {
            /** Setup Needed */
            setup_needed: boolean;
            /** Version */
            version: string;
        };
        /**
         * SettingList
         * @description All settings, in the order of the configuration file.
         */
        SettingList: {
            /** Items */
            items: components["schemas"]["SettingPublic"][];
        };
        /**
         * SettingPublic
         * @description One setting. ``value`` and ``default`` of a secret are masked, None where there is none.
         */
        SettingPublic: {
            /** Choices */
            choices: string[] | null;
            /** Default */
            default: string | boolean | number | string[] | null;
            /** Description */
            description: string;
            /** Editable */
            editable: boolean;
            /**
             * Kind
             * @enum {string}
             */
            kind: "string" | "integer" | "number" | "boolean" | "choice" | "list" | "secret";
            /** Maximum */
            maximum: number | null;
            /** Minimum */
            minimum: number | null;
            /** More Than */
            more_than: number | null;
            /**
             * Origin
             * @enum {string}
             */
            origin: "default" | "file" | "environment" | "stored" | "flag";
            /** Origin Detail */
            origin_detail: string;
            /** Path */
            path: string;
            /** Restart Needed */
            restart_needed: boolean;
            /** Section */
            section: string;
            /** Value */
            value: string | boolean | number | string[] | null;
        };
        /**
         * SettingsChange
         * @description Values by path; None forgets a stored value, so that file or default hold again.
         */
        SettingsChange: {
            /** Values */
            values: {
                [key: string]: string | boolean | number | string[] | null;
            };
        };
        /**
         * SignIn
         * @description Who wants to sign in.
         */
        SignIn: {
            /** Email */
            email: string;
            /**
             * Password
             * Format: password
             */
            password: string;
        };
        /** @description Usage of the key, or of its organization. */
        Stats: Record<string, never>;
        /**
         * StatsReport
         * @description The groups in a fixed order, and the sums over all of them.
         *
         *     ``start`` is included, ``end`` is not; both are whole hours.
         */
        StatsReport: {
            /** End */
            end: string;
            /** Group By */
            group_by: ("org" | "key" | "provider" | "model" | "status" | "hour" | "day" | "week" | "month" | "year" | "hour_of_day" | "weekday")[];
            /** Rows */
            rows: components["schemas"]["StatsRow"][];
            /** Start */
            start: string;
            /** Timezone */
            timezone: string;
            totals: components["schemas"]["Figures"];
        };
        /**
         * StatsRow
         * @description One group. Fields that were not grouped by are None.
         *
         *     ``period`` is on the report's calendar: ``2026-11-23T14``, ``2026-11-23``, ``2026-W48``,
         *     ``2026-11`` or ``2026``; ``weekday`` counts from Monday, which is 1.
         */
        StatsRow: {
            /**
             * Cache Write Tokens
             * @default 0
             */
            cache_write_tokens: number;
            /**
             * Cached Tokens
             * @default 0
             */
            cached_tokens: number;
            /** Cost Usd */
            cost_usd?: string | null;
            /**
             * Errors
             * @default 0
             */
            errors: number;
            /** Hour Of Day */
            hour_of_day?: number | null;
            /**
             * Input Tokens
             * @default 0
             */
            input_tokens: number;
            /** Key */
            key?: string | null;
            /** Key Id */
            key_id?: string | null;
            latency_ms?: components["schemas"]["Distribution"] | null;
            /** Model */
            model?: string | null;
            /** Org */
            org?: string | null;
            /** Org Id */
            org_id?: string | null;
            /**
             * Output Tokens
             * @default 0
             */
            output_tokens: number;
            /** Period */
            period?: string | null;
            /** Provider */
            provider?: string | null;
            /**
             * Reasoning Tokens
             * @default 0
             */
            reasoning_tokens: number;
            /**
             * Requests
             * @default 0
             */
            requests: number;
            /** Status */
            status?: number | null;
            /**
             * Streams
             * @default 0
             */
            streams: number;
            /**
             * Total Tokens
             * @default 0
             */
            total_tokens: number;
            ttft_ms?: components["schemas"]["Distribution"] | null;
            /**
             * Unpriced
             * @default 0
             */
            unpriced: number;
            /** Weekday */
            weekday?: number | null;
        };
        /**
         * StreamOptions
         * @description ``include_usage``: end the stream with a chunk that carries usage.
         */
        StreamOptions: {
            /** @default null */
            include_usage: boolean | null;
        };
        /**
         * SystemPublic
         * @description An installation, as the process that answers sees it.
         */
        SystemPublic: {
            /** Configuration File */
            configuration_file: string | null;
            counts: components["schemas"]["Counts"];
            database: components["schemas"]["DatabaseInfo"];
            /**
             * Environment
             * @enum {string}
             */
            environment: "production" | "development";
            journal: components["schemas"]["JournalInfo"];
            /** Node */
            node: string;
            /** Nodes */
            nodes: components["schemas"]["NodeInfo"][];
            /** Python */
            python: string;
            /** Redis */
            redis: boolean;
            /** Replica */
            replica: boolean;
            /** Reporting Timezone */
            reporting_timezone: string;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /** Uptime S */
            uptime_s: number;
            /** Version */
            version: string;
            /** Workers */
            workers: number;
        };
        /**
         * TokenCreate
         * @description The body of an issue. ``expires_at`` None: never.
         */
        TokenCreate: {
            /** Expires At */
            expires_at?: string | null;
            /** Name */
            name: string;
        };
        /**
         * TokenIssued
         * @description The only answer that ever holds the secret.
         */
        TokenIssued: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Id */
            id: string;
            /** Last4 */
            last4: string;
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            /** Secret */
            secret: string;
        };
        /**
         * TokenPublic
         * @description What its owner and superadmins see of a token.
         */
        TokenPublic: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Id */
            id: string;
            /** Last4 */
            last4: string;
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
        };
        /**
         * Tool
         * @description A tool definition; types other than ``function`` belong to single providers.
         */
        Tool: {
            /** @default null */
            cache_control: Record<string, never> | null;
            /** @default null */
            function: components["schemas"]["Function"] | null;
            /** @default function */
            type: string;
        };
        /**
         * ToolCall
         * @description A call in an assistant message.
         *
         *         ``extra_content`` is Google's place for thought signatures.
         */
        ToolCall: {
            /** @default null */
            custom: Record<string, never> | null;
            /** @default null */
            extra_content: Record<string, never> | null;
            /** @default null */
            function: components["schemas"]["FunctionCall"] | null;
            /** @default null */
            id: string | null;
            /** @default function */
            type: string;
        };
        /**
         * ToolChoiceObject
         * @description ``{"type": "function"}`` forces one tool, ``allowed_tools`` narrows the list.
         */
        ToolChoiceObject: {
            /** @default null */
            allowed_tools: components["schemas"]["AllowedTools"] | null;
            /** @default null */
            function: components["schemas"]["NamedFunction"] | null;
            type: string;
        };
        /**
         * UserCreate
         * @description Who is invited. ``orgs`` are ids or exact names; a viewer without any sees everything.
         */
        UserCreate: {
            /** Email */
            email: string;
            /**
             * Name
             * @default
             */
            name: string;
            /** Orgs */
            orgs?: string[];
            /**
             * Role
             * @default viewer
             * @enum {string}
             */
            role: "superadmin" | "operator" | "org_admin" | "viewer";
        };
        /**
         * UserInvited
         * @description The only answer that ever holds the one-time link; None if the person was there before.
         */
        UserInvited: {
            /** All Orgs */
            all_orgs: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Deleted At */
            deleted_at: string | null;
            /** Email */
            email: string;
            /** Id */
            id: string;
            /** Last Login At */
            last_login_at: string | null;
            /** Link */
            link?: string | null;
            /** Link Expires At */
            link_expires_at?: string | null;
            /** Name */
            name: string;
            /** Orgs */
            orgs: components["schemas"]["OrganizationRef"][];
            /**
             * Role
             * @enum {string}
             */
            role: "superadmin" | "operator" | "org_admin" | "viewer";
            /**
             * Status
             * @enum {string}
             */
            status: "invited" | "active" | "disabled" | "deleted";
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * UserPublic
         * @description What callers see. ``all_orgs``: reaches every organization, whatever ``orgs`` holds.
         */
        UserPublic: {
            /** All Orgs */
            all_orgs: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Deleted At */
            deleted_at: string | null;
            /** Email */
            email: string;
            /** Id */
            id: string;
            /** Last Login At */
            last_login_at: string | null;
            /** Name */
            name: string;
            /** Orgs */
            orgs: components["schemas"]["OrganizationRef"][];
            /**
             * Role
             * @enum {string}
             */
            role: "superadmin" | "operator" | "org_admin" | "viewer";
            /**
             * Status
             * @enum {string}
             */
            status: "invited" | "active" | "disabled" | "deleted";
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * UserSessionPublic
         * @description What its owner and superadmins see of a session.
         */
        UserSessionPublic: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Current
             * @default false
             */
            current: boolean;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Id */
            id: string;
            /** Ip */
            ip: string;
            /**
             * Last Seen At
             * Format: date-time
             */
            last_seen_at: string;
            /** User Agent */
            user_agent: string;
        };
        /**
         * UserUpdate
         * @description What is to change: fields that are left out stay as they are.
         */
        UserUpdate: {
            /**
             * Email
             * @default
             */
            email: string;
            /**
             * Enabled
             * @default true
             */
            enabled: boolean;
            /**
             * Name
             * @default
             */
            name: string;
            /** Orgs */
            orgs?: string[];
            /**
             * Role
             * @default viewer
             * @enum {string}
             */
            role: "superadmin" | "operator" | "org_admin" | "viewer";
        };
        /** ValidationError */
        ValidationError: {
            /** Context */
            ctx?: Record<string, never>;
            /** Input */
            input?: unknown;
            /** Location */
            loc: (string | number)[];
            /** Message */
            msg: string;
            /** Error Type */
            type: string;
        };
        /**
         * VideoURL
         * @description OpenRouter's extension: a URL or a data URL.
         */
        VideoURL: {
            url: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_aliases: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AliasList"];
                };
            };
        };
    };
    put_alias: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AliasPut"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AliasList"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    remove_alias: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_audit_entries: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
                sort?: string;
                search?: string;
                created_after?: string | null;
                created_before?: string | null;
                actor?: string | null;
                action?: string | null;
                target_kind?: string | null;
                target_id?: string | null;
                org?: string | null;
                from?: string | null;
                to?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditEntryPublic_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    show_calendar: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarShown"];
                };
            };
        };
    };
    list_fallbacks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FallbackList"];
                };
            };
        };
    };
    put_fallbacks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FallbackPut"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FallbackList"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    remove_fallbacks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_keys: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
                sort?: string;
                search?: string;
                created_after?: string | null;
                created_before?: string | null;
                org?: string | null;
                name?: string | null;
                status?: ("active" | "disabled" | "expired" | "deleted" | "all") | null;
                permission?: ("read" | "write" | "admin") | null;
                expiring_within?: string | null;
                unused_for?: string | null;
                at_least?: number;
                include?: "usage" | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_KeyListed_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    verify_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyVerify"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    delete_key: {
        parameters: {
            query?: {
                /** @description Answer what would happen, do nothing. */
                dry_run?: boolean;
            };
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    update_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    move_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyMove"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    restore_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    rotate_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyRotate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyIssued"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_limits: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
                sort?: "percent" | "-percent" | "name" | "-name";
                search?: string;
                at_least?: number;
                scope?: ("org" | "key") | null;
                period?: ("month" | "year") | null;
                org?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_LimitStanding_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_models: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
                sort?: string;
                search?: string;
                provider?: string;
                enabled?: boolean | null;
                unpriced?: boolean | null;
                include?: "usage" | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ModelPublic_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    add_model: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModelCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelDetail"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelDetail"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    forget_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    update_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModelUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelDetail"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_organizations: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
                sort?: string;
                search?: string;
                created_after?: string | null;
                created_before?: string | null;
                status?: ("active" | "disabled" | "deleted" | "all") | null;
                at_least?: number;
                include?: "usage" | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_OrganizationListed_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    create_organization: {
        parameters: {
            query?: {
                /** @description Be content with one of that name. */
                if_not_exists?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrganizationCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationAdministered"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_keys_of_organization: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
                sort?: string;
                search?: string;
                created_after?: string | null;
                created_before?: string | null;
                org?: string | null;
                name?: string | null;
                status?: ("active" | "disabled" | "expired" | "deleted" | "all") | null;
                permission?: ("read" | "write" | "admin") | null;
                expiring_within?: string | null;
                unused_for?: string | null;
                at_least?: number;
                include?: "usage" | null;
            };
            header?: never;
            path: {
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_KeyListed_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    issue_key: {
        parameters: {
            query?: {
                /** @description Be content with one of that name. */
                if_not_exists?: boolean;
            };
            header?: never;
            path: {
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyIssued"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_organization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    delete_organization: {
        parameters: {
            query?: {
                /** @description Answer what would happen, do nothing. */
                dry_run?: boolean;
            };
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationDeleted"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    update_organization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrganizationUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationAdministered"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_members: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
                sort?: string;
                search?: string;
                created_after?: string | null;
                created_before?: string | null;
                role?: ("superadmin" | "operator" | "org_admin" | "viewer") | null;
                status?: ("invited" | "active" | "disabled" | "deleted" | "all") | null;
            };
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_UserPublic_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    add_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    remove_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    restore_organization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_providers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderList"];
                };
            };
        };
    };
    add_provider: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    remove_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    update_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    test_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderTest"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_requests: {
        parameters: {
            query?: {
                created_after?: string;
                created_before?: string;
                tz?: string;
                org?: string[];
                key?: string[];
                provider?: string[];
                model?: string[];
                status?: number | null;
                errors?: boolean;
                slower_than_ms?: number | null;
                min_cost?: number | string | null;
                search?: string;
                page?: number;
                page_size?: number;
                before?: string;
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestLogPage"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    export_requests: {
        parameters: {
            query?: {
                created_after?: string;
                created_before?: string;
                tz?: string;
                org?: string[];
                key?: string[];
                provider?: string[];
                model?: string[];
                status?: number | null;
                errors?: boolean;
                slower_than_ms?: number | null;
                min_cost?: number | string | null;
                search?: string;
                format?: "csv" | "json" | "ndjson";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    show_request: {
        parameters: {
            query?: {
                tz?: string;
            };
            header?: never;
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedRequest"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    show_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPublic"];
                };
            };
        };
    };
    begin_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    show_link: {
        parameters: {
            query: {
                token: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    use_link: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkUse"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    end_other_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPassword"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    show_state: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionState"];
                };
            };
        };
    };
    list_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingList"];
                };
            };
        };
    };
    change_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettingsChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingList"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    reset_setting: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingList"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    show_stats: {
        parameters: {
            query?: {
                from?: string;
                to?: string;
                day?: string;
                week?: string;
                month?: string;
                year?: string;
                tz?: string;
                group_by?: ("org" | "key" | "provider" | "model" | "status" | "hour" | "day" | "week" | "month" | "year" | "hour_of_day" | "weekday")[];
                org?: string[];
                key?: string[];
                provider?: string[];
                model?: string[];
                durations?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatsReport"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    export_stats: {
        parameters: {
            query?: {
                from?: string;
                to?: string;
                day?: string;
                week?: string;
                month?: string;
                year?: string;
                tz?: string;
                group_by?: ("org" | "key" | "provider" | "model" | "status" | "hour" | "day" | "week" | "month" | "year" | "hour_of_day" | "weekday")[];
                org?: string[];
                key?: string[];
                provider?: string[];
                model?: string[];
                durations?: boolean;
                format?: "csv" | "json" | "ndjson";
                detail?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    show_top: {
        parameters: {
            query?: {
                from?: string;
                to?: string;
                day?: string;
                week?: string;
                month?: string;
                year?: string;
                tz?: string;
                group_by?: ("org" | "key" | "provider" | "model" | "status" | "hour" | "day" | "week" | "month" | "year" | "hour_of_day" | "weekday")[];
                org?: string[];
                key?: string[];
                provider?: string[];
                model?: string[];
                durations?: boolean;
                measure?: "cost" | "requests" | "errors" | "tokens" | "input_tokens" | "output_tokens" | "cached_tokens" | "reasoning_tokens";
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatsReport"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    show_system: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemPublic"];
                };
            };
        };
    };
    list_users: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
                sort?: string;
                search?: string;
                created_after?: string | null;
                created_before?: string | null;
                role?: ("superadmin" | "operator" | "org_admin" | "viewer") | null;
                status?: ("invited" | "active" | "disabled" | "deleted" | "all") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_UserPublic_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    create_user: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserInvited"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    delete_user: {
        parameters: {
            query?: {
                /** @description Answer what would happen, do nothing. */
                dry_run?: boolean;
            };
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    update_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    make_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkMade"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    restore_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPublic"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_sessions_of: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_UserSessionPublic_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    end_sessions_of: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    end_session_of: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_TokenPublic_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    issue_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenIssued"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    revoke_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    show_limits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                owners: "orgs" | "keys";
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitReport"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    set_limits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                owners: "orgs" | "keys";
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LimitSet"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitReport"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    clear_limits: {
        parameters: {
            query?: {
                period?: ("month" | "year") | null;
            };
            header?: never;
            path: {
                owners: "orgs" | "keys";
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitReport"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: string;
                    };
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    createChatCompletion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChatRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Completion"];
                    "text/event-stream": string;
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    showGeneration: {
        parameters: {
            query: {
                id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Generation"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    showOwnKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    showModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    showOwnStats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stats"];
                };
            };
            /** @description An error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
}
