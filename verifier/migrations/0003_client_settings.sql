CREATE TABLE "verifier"."portal_sessions" (
	"token_digest" text PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "workflow_id" integer DEFAULT 200 NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "locale" text DEFAULT 'en' NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "token_lifetime_minutes" integer DEFAULT 30 NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "accepted_countries" jsonb;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "accepted_types" jsonb;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "enabled_fields" jsonb;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "masking" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "disabled_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "from_environment" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "callback_tries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "callback_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "enabled_fields" jsonb;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "ended_at" timestamp with time zone;