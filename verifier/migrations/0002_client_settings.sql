CREATE TABLE "verifier"."faces" (
	"session" uuid PRIMARY KEY NOT NULL,
	"client" text NOT NULL,
	"person" text NOT NULL,
	"sealed" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "verifier"."portal_sessions" (
	"token_digest" text PRIMARY KEY NOT NULL,
	"secret_digest" text NOT NULL,
	"told" text,
	"created_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "liveness" text DEFAULT 'required' NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "workflow_id" integer DEFAULT 200 NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "locale" text DEFAULT 'en' NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "token_lifetime_minutes" integer DEFAULT 30 NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "accepted_countries" jsonb;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "accepted_types" jsonb;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "enabled_fields" jsonb;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "masking" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "find_repeated_faces" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "disabled_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "from_environment" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "callback_tries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "callback_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "enabled_fields" jsonb;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "ended_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "verifier"."faces" ADD CONSTRAINT "faces_session_sessions_id_fk" FOREIGN KEY ("session") REFERENCES "verifier"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "faces_client" ON "verifier"."faces" USING btree ("client","session");