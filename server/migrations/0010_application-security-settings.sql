ALTER TABLE "veridoor"."oidc_artifacts" ADD COLUMN "account_id" text;--> statement-breakpoint
ALTER TABLE "veridoor"."applications" ADD COLUMN "post_logout_redirect_uris" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "veridoor"."applications" ADD COLUMN "require_pkce" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "veridoor"."applications" ADD COLUMN "client_authentication" text DEFAULT 'client_secret' NOT NULL;--> statement-breakpoint
ALTER TABLE "veridoor"."applications" ADD COLUMN "jwks" jsonb;--> statement-breakpoint
ALTER TABLE "veridoor"."applications" ADD COLUMN "jwks_uri" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "veridoor"."applications" ADD COLUMN "security_profile" text DEFAULT 'standard' NOT NULL;--> statement-breakpoint
CREATE INDEX "oidc_artifacts_account" ON "veridoor"."oidc_artifacts" USING btree ("account_id");--> statement-breakpoint
-- What was given out before names no account: it could not be ended with the trust in one.
DELETE FROM "veridoor"."oidc_artifacts";
