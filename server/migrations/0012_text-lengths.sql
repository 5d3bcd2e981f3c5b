-- Lengths behind the schemas of the fields, in characters, for whatever writes past them. `NOT VALID`: rows of before are kept as they
-- are, every new or changed row is checked.
ALTER TABLE "veridoor"."users"
  ADD CONSTRAINT "users_name_length" CHECK (char_length("name") BETWEEN 1 AND 100) NOT VALID,
  ADD CONSTRAINT "users_name_form" CHECK ("name" = normalize("name", NFC) AND "name" NOT IN ('.', '..')) NOT VALID,
  ADD CONSTRAINT "users_display_name_length" CHECK (char_length("display_name") <= 100) NOT VALID,
  ADD CONSTRAINT "users_email_length" CHECK (char_length("email") <= 254) NOT VALID,
  ADD CONSTRAINT "users_real_name_length" CHECK (char_length("real_name") <= 200) NOT VALID,
  ADD CONSTRAINT "users_application_length" CHECK (char_length("application") <= 100) NOT VALID,
  ADD CONSTRAINT "users_document_type_length" CHECK (char_length("document_type") <= 100) NOT VALID,
  ADD CONSTRAINT "users_document_country_length" CHECK (char_length("document_country") <= 100) NOT VALID,
  -- Encrypted: a number of 100 characters takes up to 400 bytes, and base64 and the envelope around it.
  ADD CONSTRAINT "users_document_number_length" CHECK (char_length("document_number") <= 2000) NOT VALID,
  ADD CONSTRAINT "users_document_number_masked_length" CHECK (char_length("document_number_masked") <= 20) NOT VALID,
  ADD CONSTRAINT "users_extra_size" CHECK (octet_length("extra"::text) <= 200000) NOT VALID;--> statement-breakpoint
ALTER TABLE "veridoor"."organizations"
  ADD CONSTRAINT "organizations_name_length" CHECK (char_length("name") BETWEEN 1 AND 100) NOT VALID,
  ADD CONSTRAINT "organizations_display_name_length" CHECK (char_length("display_name") <= 100) NOT VALID,
  ADD CONSTRAINT "organizations_logo_length" CHECK (char_length("logo") <= 2000) NOT VALID,
  ADD CONSTRAINT "organizations_help_contact_length" CHECK (char_length("help_contact") <= 200) NOT VALID;--> statement-breakpoint
ALTER TABLE "veridoor"."applications"
  ADD CONSTRAINT "applications_name_length" CHECK (char_length("name") BETWEEN 1 AND 100) NOT VALID,
  ADD CONSTRAINT "applications_display_name_length" CHECK (char_length("display_name") <= 100) NOT VALID,
  ADD CONSTRAINT "applications_logo_length" CHECK (char_length("logo") <= 2000) NOT VALID,
  ADD CONSTRAINT "applications_homepage_length" CHECK (char_length("homepage_url") <= 2000) NOT VALID,
  ADD CONSTRAINT "applications_client_id_length" CHECK (char_length("client_id") <= 255) NOT VALID;--> statement-breakpoint
ALTER TABLE "veridoor"."providers"
  ADD CONSTRAINT "providers_name_length" CHECK (char_length("name") BETWEEN 1 AND 100) NOT VALID,
  ADD CONSTRAINT "providers_display_name_length" CHECK (char_length("display_name") <= 100) NOT VALID;--> statement-breakpoint
ALTER TABLE "veridoor"."verifications"
  ADD CONSTRAINT "verifications_review_reason_length" CHECK (char_length("review_reason") <= 200) NOT VALID,
  ADD CONSTRAINT "verifications_review_note_length" CHECK (char_length("review_note") <= 2000) NOT VALID;
