CREATE SCHEMA IF NOT EXISTS "verifier";
--> statement-breakpoint
CREATE TABLE "verifier"."clients" (
	"token" text PRIMARY KEY NOT NULL,
	"secret_digest" text NOT NULL,
	"name" text NOT NULL,
	"color" text,
	"logo_url" text,
	"callback_url" text,
	"success_url" text,
	"error_url" text,
	"retention_days" integer DEFAULT 30 NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "verifier"."sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"client" text NOT NULL,
	"customer_reference" text NOT NULL,
	"user_reference" text NOT NULL,
	"reporting_criteria" text,
	"success_url" text,
	"error_url" text,
	"callback_url" text,
	"workflow_id" integer NOT NULL,
	"preset" jsonb,
	"locale" text NOT NULL,
	"state" text NOT NULL,
	"phase" text NOT NULL,
	"token_digest" text NOT NULL,
	"token_expires_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"last_action_at" timestamp with time zone NOT NULL,
	"consent_at" timestamp with time zone,
	"choice" jsonb,
	"attempt" integer DEFAULT 1 NOT NULL,
	"parts" jsonb NOT NULL,
	"retake" jsonb,
	"alternative" boolean DEFAULT false NOT NULL,
	"ended_how" text,
	"picture_key" text,
	"result" text,
	"source" text DEFAULT 'WEB' NOT NULL,
	"client_ip" text,
	"callback_state" text DEFAULT 'none' NOT NULL,
	"callback_status" integer,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"erase_after" timestamp with time zone,
	"erased_at" timestamp with time zone,
	CONSTRAINT "sessions_token_digest_unique" UNIQUE("token_digest")
);
--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD CONSTRAINT "sessions_client_clients_token_fk" FOREIGN KEY ("client") REFERENCES "verifier"."clients"("token") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sessions_open" ON "verifier"."sessions" USING btree ("last_action_at") WHERE "verifier"."sessions"."state" = 'PENDING';--> statement-breakpoint
CREATE INDEX "sessions_erase" ON "verifier"."sessions" USING btree ("erase_after") WHERE "verifier"."sessions"."erased_at" is null;