CREATE SCHEMA IF NOT EXISTS "veridoor";
--> statement-breakpoint
CREATE TABLE "veridoor"."sessions" (
	"token_digest" text PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"application" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"address" text DEFAULT '' NOT NULL,
	"user_agent" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "veridoor"."users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" text NOT NULL,
	"name" text NOT NULL,
	"display_name" text DEFAULT '' NOT NULL,
	"email" text DEFAULT '' NOT NULL,
	"password_hash" text DEFAULT '' NOT NULL,
	"must_change_password" boolean DEFAULT false NOT NULL,
	"is_admin" boolean DEFAULT false NOT NULL,
	"is_forbidden" boolean DEFAULT false NOT NULL,
	"application" text DEFAULT '' NOT NULL,
	"id_card_type" text DEFAULT '' NOT NULL,
	"id_card" text DEFAULT '' NOT NULL,
	"id_card_masked" text DEFAULT '' NOT NULL,
	"real_name" text DEFAULT '' NOT NULL,
	"id_card_country" text DEFAULT '' NOT NULL,
	"verified_at" timestamp with time zone,
	"sealed_by" uuid,
	"is_demonstration" boolean DEFAULT false NOT NULL,
	"verified_by" text,
	"document_fingerprint" text,
	"extra" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_sign_in_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "veridoor"."audit_lines" (
	"organization" text NOT NULL,
	"number" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"target" text NOT NULL,
	"provider" text,
	"reference" text,
	"before" text,
	"after" text,
	"reasons" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"result" text NOT NULL,
	"address" text NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_lines_organization_number_pk" PRIMARY KEY("organization","number")
);
--> statement-breakpoint
CREATE TABLE "veridoor"."application_providers" (
	"application" text NOT NULL,
	"position" integer NOT NULL,
	"provider_owner" text NOT NULL,
	"provider_name" text NOT NULL,
	CONSTRAINT "application_providers_application_provider_owner_provider_name_pk" PRIMARY KEY("application","provider_owner","provider_name"),
	CONSTRAINT "application_providers_position" CHECK ("veridoor"."application_providers"."position" >= 0)
);
--> statement-breakpoint
CREATE TABLE "veridoor"."applications" (
	"name" text PRIMARY KEY NOT NULL,
	"organization" text NOT NULL,
	"display_name" text NOT NULL,
	"logo" text DEFAULT '' NOT NULL,
	"homepage_url" text DEFAULT '' NOT NULL,
	"client_id" text NOT NULL,
	"client_secret" text DEFAULT '' NOT NULL,
	"redirect_uris" text[] DEFAULT '{}'::text[] NOT NULL,
	"enable_sign_up" boolean DEFAULT true NOT NULL,
	"enable_password" boolean DEFAULT true NOT NULL,
	"extra" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "veridoor"."organizations" (
	"name" text PRIMARY KEY NOT NULL,
	"display_name" text NOT NULL,
	"logo" text DEFAULT '' NOT NULL,
	"help_contact" text DEFAULT '' NOT NULL,
	"tries_per_day" integer DEFAULT 5 NOT NULL,
	"extra" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "veridoor"."provider_usage" (
	"owner" text NOT NULL,
	"name" text NOT NULL,
	"month" text NOT NULL,
	"used" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "provider_usage_owner_name_month_pk" PRIMARY KEY("owner","name","month")
);
--> statement-breakpoint
CREATE TABLE "veridoor"."providers" (
	"owner" text NOT NULL,
	"name" text NOT NULL,
	"display_name" text NOT NULL,
	"category" text NOT NULL,
	"type" text NOT NULL,
	"config" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"secrets" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"secrets_saved_at" timestamp with time zone,
	"health" text DEFAULT 'unknown' NOT NULL,
	"health_detail" text DEFAULT '' NOT NULL,
	"health_at" timestamp with time zone,
	"rest_until" timestamp with time zone,
	"failures_in_row" integer DEFAULT 0 NOT NULL,
	"last_test_at" timestamp with time zone,
	"last_test_ok" boolean,
	"extra" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "providers_owner_name_pk" PRIMARY KEY("owner","name")
);
--> statement-breakpoint
CREATE TABLE "veridoor"."rate_limits" (
	"key" text PRIMARY KEY NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "veridoor"."notices" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"verification_id" uuid NOT NULL,
	"digest" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"copies" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "veridoor"."outgoing_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" text NOT NULL,
	"type" text NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "veridoor"."verifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reference" text NOT NULL,
	"organization" text NOT NULL,
	"user_id" uuid NOT NULL,
	"user_name" text NOT NULL,
	"application" text NOT NULL,
	"provider_owner" text NOT NULL,
	"provider_name" text NOT NULL,
	"passed_over" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"state" text NOT NULL,
	"is_test" boolean DEFAULT false NOT NULL,
	"is_demonstration" boolean DEFAULT false NOT NULL,
	"started_by" text NOT NULL,
	"claim" text NOT NULL,
	"subject_reference" text NOT NULL,
	"provider_reference" text,
	"redirect_url" text,
	"notice_digest" text NOT NULL,
	"counts_as_try" boolean DEFAULT true NOT NULL,
	"face_required" boolean DEFAULT true NOT NULL,
	"polls" integer DEFAULT 0 NOT NULL,
	"next_poll_at" timestamp with time zone,
	"finished_by_person_at" timestamp with time zone,
	"reasons" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"staff_reasons" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"checks" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"finding" text,
	"document_fingerprint" text,
	"reviewed_by" text,
	"review_reason" text,
	"review_note" text,
	"late_result" text,
	"erase_after" timestamp with time zone,
	"erased_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"waiting_at" timestamp with time zone,
	"checking_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "verifications_reference_unique" UNIQUE("reference")
);
--> statement-breakpoint
ALTER TABLE "veridoor"."sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "veridoor"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "veridoor"."users" ADD CONSTRAINT "users_organization_organizations_name_fk" FOREIGN KEY ("organization") REFERENCES "veridoor"."organizations"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "veridoor"."application_providers" ADD CONSTRAINT "application_providers_application_applications_name_fk" FOREIGN KEY ("application") REFERENCES "veridoor"."applications"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "veridoor"."application_providers" ADD CONSTRAINT "application_providers_provider" FOREIGN KEY ("provider_owner","provider_name") REFERENCES "veridoor"."providers"("owner","name") ON DELETE no action ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "veridoor"."applications" ADD CONSTRAINT "applications_organization_organizations_name_fk" FOREIGN KEY ("organization") REFERENCES "veridoor"."organizations"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "veridoor"."notices" ADD CONSTRAINT "notices_verification_id_verifications_id_fk" FOREIGN KEY ("verification_id") REFERENCES "veridoor"."verifications"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "veridoor"."verifications" ADD CONSTRAINT "verifications_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "veridoor"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sessions_user" ON "veridoor"."sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_expires" ON "veridoor"."sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "users_organization_name" ON "veridoor"."users" USING btree ("organization","name");--> statement-breakpoint
CREATE UNIQUE INDEX "users_organization_email" ON "veridoor"."users" USING btree ("organization",lower("email")) WHERE "veridoor"."users"."email" <> '';--> statement-breakpoint
CREATE UNIQUE INDEX "users_document" ON "veridoor"."users" USING btree ("organization","document_fingerprint") WHERE "veridoor"."users"."document_fingerprint" is not null;--> statement-breakpoint
CREATE INDEX "audit_lines_target" ON "veridoor"."audit_lines" USING btree ("organization","target");--> statement-breakpoint
CREATE INDEX "audit_lines_at" ON "veridoor"."audit_lines" USING btree ("organization","at");--> statement-breakpoint
CREATE UNIQUE INDEX "applications_client_id" ON "veridoor"."applications" USING btree ("client_id");--> statement-breakpoint
CREATE UNIQUE INDEX "notices_once" ON "veridoor"."notices" USING btree ("verification_id","digest");--> statement-breakpoint
CREATE INDEX "outgoing_events_unsent" ON "veridoor"."outgoing_events" USING btree ("created_at") WHERE "veridoor"."outgoing_events"."sent_at" is null;--> statement-breakpoint
CREATE INDEX "verifications_organization" ON "veridoor"."verifications" USING btree ("organization","created_at");--> statement-breakpoint
CREATE INDEX "verifications_user" ON "veridoor"."verifications" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "verifications_notice" ON "veridoor"."verifications" USING btree ("notice_digest");--> statement-breakpoint
CREATE INDEX "verifications_poll" ON "veridoor"."verifications" USING btree ("next_poll_at") WHERE "veridoor"."verifications"."next_poll_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "verifications_provider_reference" ON "veridoor"."verifications" USING btree ("provider_owner","provider_name","provider_reference") WHERE "veridoor"."verifications"."provider_reference" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "verifications_open" ON "veridoor"."verifications" USING btree ("user_id","is_test") WHERE "veridoor"."verifications"."state" in ('created', 'waiting', 'checking', 'review');