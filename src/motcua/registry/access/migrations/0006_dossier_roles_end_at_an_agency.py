"""A role for handling dossiers is never held everywhere, however grant and role change, in whatever order.

The trigger on grants locks the role's row (FOR SHARE), so that its rights cannot change beside it unseen.
"""

from django.db import migrations

CASEWORK = "ARRAY['reception', 'specialist', 'leader', 'reader']::varchar[]"

UP = f"""
CREATE FUNCTION registry_access_check_grant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held varchar[];
BEGIN
    IF NEW.agency_path <> '/' THEN
        RETURN NEW;
    END IF;
    SELECT rights INTO held FROM registry_access_role WHERE code = NEW.role FOR SHARE;
    IF held && {CASEWORK} THEN
        RAISE EXCEPTION 'a role for handling dossiers is held at an agency (dossier_role_ends_at_an_agency)'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'dossier_role_ends_at_an_agency';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION registry_access_check_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.rights && {CASEWORK}
       AND EXISTS (SELECT 1 FROM registry_access_rolegrant WHERE role = NEW.code AND agency_path = '/') THEN
        RAISE EXCEPTION 'a role for handling dossiers is held at an agency (dossier_role_ends_at_an_agency)'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'dossier_role_ends_at_an_agency';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER dossier_role_ends_at_an_agency BEFORE INSERT OR UPDATE ON registry_access_rolegrant
    FOR EACH ROW EXECUTE FUNCTION registry_access_check_grant();
CREATE TRIGGER dossier_role_ends_at_an_agency BEFORE UPDATE OF rights ON registry_access_role
    FOR EACH ROW EXECUTE FUNCTION registry_access_check_role();
"""  # noqa: S608
DOWN = """
DROP TRIGGER dossier_role_ends_at_an_agency ON registry_access_role;
DROP TRIGGER dossier_role_ends_at_an_agency ON registry_access_rolegrant;
DROP FUNCTION registry_access_check_role;
DROP FUNCTION registry_access_check_grant;
"""


class Migration(migrations.Migration):
    dependencies = [("registry_access", "0005_periods_and_factors")]

    operations = [migrations.RunSQL(UP, DOWN)]
