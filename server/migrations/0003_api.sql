CREATE TABLE "veridoor"."idempotent_requests" (
	"key_digest" text PRIMARY KEY NOT NULL,
	"request_digest" text NOT NULL,
	"attempt" uuid NOT NULL,
	"status" integer,
	"answer" text,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "veridoor"."api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application" text NOT NULL,
	"name" text NOT NULL,
	"key_digest" text NOT NULL,
	"ending" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"last_used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "veridoor"."webhook_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"endpoint" uuid NOT NULL,
	"event" uuid NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone,
	"last_attempt_at" timestamp with time zone,
	"last_status" integer,
	"last_fault" text,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "veridoor"."webhook_endpoints" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" text NOT NULL,
	"url" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"types" text[] DEFAULT '{}'::text[] NOT NULL,
	"secret" text NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"disabled_reason" text,
	"failing_since" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "veridoor"."api_keys" ADD CONSTRAINT "api_keys_application_applications_name_fk" FOREIGN KEY ("application") REFERENCES "veridoor"."applications"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "veridoor"."webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint") REFERENCES "veridoor"."webhook_endpoints"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "veridoor"."webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_event_outgoing_events_id_fk" FOREIGN KEY ("event") REFERENCES "veridoor"."outgoing_events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idempotent_requests_created" ON "veridoor"."idempotent_requests" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_digest" ON "veridoor"."api_keys" USING btree ("key_digest");--> statement-breakpoint
CREATE INDEX "api_keys_application" ON "veridoor"."api_keys" USING btree ("application");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_deliveries_once" ON "veridoor"."webhook_deliveries" USING btree ("endpoint","event");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "veridoor"."webhook_deliveries" USING btree ("next_attempt_at") WHERE "veridoor"."webhook_deliveries"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_list" ON "veridoor"."webhook_deliveries" USING btree ("endpoint","created_at","id");--> statement-breakpoint
CREATE INDEX "webhook_endpoints_organization" ON "veridoor"."webhook_endpoints" USING btree ("organization");