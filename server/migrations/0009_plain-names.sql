-- The core's own words: a document has a type and a number, and a verification locks an identity.
ALTER TABLE veridoor.users RENAME COLUMN id_card_type TO document_type;
--> statement-breakpoint
ALTER TABLE veridoor.users RENAME COLUMN id_card TO document_number;
--> statement-breakpoint
ALTER TABLE veridoor.users RENAME COLUMN id_card_masked TO document_number_masked;
--> statement-breakpoint
ALTER TABLE veridoor.users RENAME COLUMN id_card_country TO document_country;
--> statement-breakpoint
ALTER TABLE veridoor.users RENAME COLUMN sealed_by TO locked_by;
--> statement-breakpoint
ALTER TABLE veridoor.providers RENAME COLUMN rest_until TO open_until;
--> statement-breakpoint
ALTER FUNCTION veridoor.guard_sealed_identity() RENAME TO guard_locked_identity;
--> statement-breakpoint
ALTER TRIGGER users_sealed ON veridoor.users RENAME TO users_locked;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION veridoor.guard_locked_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.verified_at IS NOT NULL OR NEW.locked_by IS NOT NULL THEN
      RAISE EXCEPTION 'IDENTITY_LOCKED: an account cannot begin verified' USING ERRCODE = 'VD001';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.verified_at IS NOT NULL THEN
    IF (NEW.id, NEW.organization, NEW.document_type, NEW.document_number, NEW.document_number_masked, NEW.real_name, NEW.document_country,
        NEW.verified_at, NEW.locked_by, NEW.is_demonstration, NEW.verified_by, NEW.document_fingerprint)
       IS DISTINCT FROM
       (OLD.id, OLD.organization, OLD.document_type, OLD.document_number, OLD.document_number_masked, OLD.real_name, OLD.document_country,
        OLD.verified_at, OLD.locked_by, OLD.is_demonstration, OLD.verified_by, OLD.document_fingerprint) THEN
      RAISE EXCEPTION 'IDENTITY_LOCKED: verified identity fields cannot change' USING ERRCODE = 'VD001';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.verified_at IS NOT NULL OR NEW.locked_by IS NOT NULL OR NEW.is_demonstration OR NEW.document_fingerprint IS NOT NULL THEN
    -- The only door: a verification of this very account, not a test, that ended verified, and in this transaction or before.
    IF NEW.verified_at IS NULL OR NEW.locked_by IS NULL OR NOT EXISTS (
      SELECT 1 FROM veridoor.verifications v
      WHERE v.id = NEW.locked_by AND v.user_id = NEW.id AND v.state = 'verified' AND NOT v.is_test
        AND v.is_demonstration = NEW.is_demonstration
    ) THEN
      RAISE EXCEPTION 'IDENTITY_LOCKED: no verification of this account vouches for it' USING ERRCODE = 'VD001';
    END IF;
  END IF;
  RETURN NEW;
END $$;
