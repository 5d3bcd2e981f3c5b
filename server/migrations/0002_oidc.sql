CREATE TABLE "veridoor"."oidc_artifacts" (
	"model" text NOT NULL,
	"id_digest" text NOT NULL,
	"grant_digest" text,
	"uid_digest" text,
	"user_code_digest" text,
	"payload" text NOT NULL,
	"consumed_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	CONSTRAINT "oidc_artifacts_model_id_digest_pk" PRIMARY KEY("model","id_digest")
);
--> statement-breakpoint
CREATE TABLE "veridoor"."signing_keys" (
	"kid" text PRIMARY KEY NOT NULL,
	"algorithm" text NOT NULL,
	"private_key" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"retired_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "veridoor"."applications" ADD COLUMN "is_public" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "veridoor"."applications" ADD COLUMN "require_consent" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "veridoor"."applications" ADD COLUMN "backchannel_logout_uri" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "oidc_artifacts_grant" ON "veridoor"."oidc_artifacts" USING btree ("grant_digest");--> statement-breakpoint
CREATE INDEX "oidc_artifacts_uid" ON "veridoor"."oidc_artifacts" USING btree ("uid_digest");--> statement-breakpoint
CREATE INDEX "oidc_artifacts_expires" ON "veridoor"."oidc_artifacts" USING btree ("expires_at");