-- Webhooks by their name; how a person goes on may be more than an address; one webhook address an account for some providers.
ALTER TABLE veridoor.notices RENAME TO incoming_webhooks;
--> statement-breakpoint
ALTER INDEX veridoor.notices_once RENAME TO incoming_webhooks_once;
--> statement-breakpoint
ALTER TABLE veridoor.verifications RENAME COLUMN notice_digest TO webhook_digest;
--> statement-breakpoint
ALTER INDEX veridoor.verifications_notice RENAME TO verifications_webhook;
--> statement-breakpoint
-- Links of checks that are open end within minutes or days; what they hold has another form now, so those people start again.
ALTER TABLE veridoor.verifications RENAME COLUMN redirect_url TO next_step;
--> statement-breakpoint
ALTER TABLE veridoor.providers ADD COLUMN webhook_token text;
--> statement-breakpoint
ALTER TABLE veridoor.providers ADD COLUMN webhook_digest text;
--> statement-breakpoint
CREATE UNIQUE INDEX providers_webhook ON veridoor.providers (webhook_digest);
