CREATE TABLE "veridoor"."known_devices" (
	"device_digest" text PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "veridoor"."mailed_codes" (
	"browser_digest" text PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"code_digest" text NOT NULL,
	"wrong_tries" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "veridoor"."mailed_links" (
	"token_digest" text PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"email_digest" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "veridoor"."mails" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" text NOT NULL,
	"user_id" uuid NOT NULL,
	"head" text NOT NULL,
	"body" text,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_fault" text,
	"useful_until" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "veridoor"."users" ADD COLUMN "email_verified_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "veridoor"."applications" ADD COLUMN "colour" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "veridoor"."applications" ADD COLUMN "enable_email_code" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "veridoor"."applications" ADD COLUMN "sign_up_fields" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "veridoor"."organizations" ADD COLUMN "colour" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "veridoor"."known_devices" ADD CONSTRAINT "known_devices_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "veridoor"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "veridoor"."mailed_codes" ADD CONSTRAINT "mailed_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "veridoor"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "veridoor"."mailed_links" ADD CONSTRAINT "mailed_links_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "veridoor"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "known_devices_user" ON "veridoor"."known_devices" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "known_devices_seen" ON "veridoor"."known_devices" USING btree ("last_seen_at");--> statement-breakpoint
CREATE INDEX "mailed_codes_user" ON "veridoor"."mailed_codes" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "mailed_codes_expires" ON "veridoor"."mailed_codes" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "mailed_links_user" ON "veridoor"."mailed_links" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "mailed_links_expires" ON "veridoor"."mailed_links" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "mails_list" ON "veridoor"."mails" USING btree ("organization","created_at","id");--> statement-breakpoint
CREATE INDEX "mails_user" ON "veridoor"."mails" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "mails_created" ON "veridoor"."mails" USING btree ("created_at");