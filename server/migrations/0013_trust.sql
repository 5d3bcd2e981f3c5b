-- Addresses that are only claimed, signed audit lines, and the key that others are derived from.
CREATE TABLE "veridoor"."root_keys" (
	"name" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
DROP INDEX "veridoor"."users_organization_email";--> statement-breakpoint
ALTER TABLE "veridoor"."users" ADD COLUMN "email_claimed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "veridoor"."audit_lines" ADD COLUMN "signature" text;--> statement-breakpoint
ALTER TABLE "veridoor"."organizations" ADD COLUMN "require_staff_second_factor" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "users_claimed_email" ON "veridoor"."users" USING btree ("organization",lower("email")) WHERE "veridoor"."users"."email_claimed_at" is not null;--> statement-breakpoint
CREATE INDEX "users_email_claimed" ON "veridoor"."users" USING btree ("email_claimed_at") WHERE "veridoor"."users"."email_claimed_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "users_organization_email" ON "veridoor"."users" USING btree ("organization",lower("email")) WHERE "veridoor"."users"."email" <> '' and "veridoor"."users"."email_claimed_at" is null;
