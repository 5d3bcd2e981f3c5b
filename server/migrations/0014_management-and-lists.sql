DROP INDEX "veridoor"."verifications_organization";--> statement-breakpoint
ALTER TABLE "veridoor"."applications" ADD COLUMN "management" text DEFAULT 'off' NOT NULL;--> statement-breakpoint
CREATE INDEX "users_organization_created" ON "veridoor"."users" USING btree ("organization","created_at","id");--> statement-breakpoint
CREATE INDEX "users_created" ON "veridoor"."users" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "users_phone" ON "veridoor"."users" USING btree ("organization",("extra" ->> 'phone'));--> statement-breakpoint
CREATE INDEX "audit_lines_all" ON "veridoor"."audit_lines" USING btree ("at","organization","number");--> statement-breakpoint
CREATE INDEX "audit_lines_reference" ON "veridoor"."audit_lines" USING btree ("organization","reference");--> statement-breakpoint
CREATE INDEX "applications_organization" ON "veridoor"."applications" USING btree ("organization","name");--> statement-breakpoint
CREATE INDEX "verifications_created" ON "veridoor"."verifications" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "verifications_state" ON "veridoor"."verifications" USING btree ("organization","state","created_at","id");--> statement-breakpoint
CREATE INDEX "verifications_reference_prefix" ON "veridoor"."verifications" USING btree (replace("reference", '-', '') text_pattern_ops);--> statement-breakpoint
CREATE INDEX "verifications_organization" ON "veridoor"."verifications" USING btree ("organization","created_at","id");--> statement-breakpoint
ALTER TABLE "veridoor"."applications" ADD CONSTRAINT "applications_management" CHECK ("veridoor"."applications"."management" in ('off', 'read', 'people'));--> statement-breakpoint
-- People are searched by a part of their name, email or real name. A server without this extension reads the table instead.
DO $$ BEGIN
	CREATE EXTENSION IF NOT EXISTS pg_trgm;
	CREATE INDEX "users_search" ON "veridoor"."users" USING gin ("name" gin_trgm_ops, "email" gin_trgm_ops, "display_name" gin_trgm_ops, "real_name" gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
	RAISE NOTICE 'pg_trgm is not available: a search of people reads the whole table';
END $$;
