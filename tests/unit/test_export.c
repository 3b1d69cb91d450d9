/*
 * The reader of one export: what is kept, where it stands, what is refused.
 */
#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "policy/agents.h"
#include "policy/limits.h"
#include "unit/export_text.h"
#include "unit/scarce.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* ---- What is kept -------------------------------------------------------------------------- */

static void variables_and_rows_are_kept_in_order(void **state)
{
	struct ucm_system system;
	const struct ucm_row *row;

	(void)state;
	read_text(&system,
	    HEAD15 ROOT VARA("UC_CLIENT_SETTINGS", "data_type=\"STATIC\" ",
		ROW("MAX_IMPORT_SIZE", "1") ROW("SMTP_SERVER", "one") ROW("  SMTP_PORT ", " 25 ")
		    ROW("smtp_server", "two") ROW("SMTP_SERVER", "three") ROW("XSMTP_A", "x")
			ROW("SEND_MAIL_DEFAULT", "AGENT") ROW("SMTP_", "")) END);
	assert_int_equal(system.findings.count, 0);
	assert_int_equal(system.objects, 1);
	assert_non_null(system.variables);
	assert_null(system.variables->next);
	assert_string_equal(system.variables->name, "UC_CLIENT_SETTINGS");
	assert_string_equal(system.variables->type, "STATIC");
	assert_string_equal(system.variables->file, "a.xml");
	assert_int_equal(system.variables->client, 100);
	assert_int_equal(system.variables->line, 3);
	assert_int_equal(system.variables->column, 50);
	row = system.variables->rows;
	for (const char *const *name = (const char *const[]){"SMTP_SERVER", "one", "  SMTP_PORT ",
		 " 25 ", "smtp_server", "two", "SMTP_SERVER", "three", "SEND_MAIL_DEFAULT", "AGENT",
		 "SMTP_", "", NULL};
	     *name != NULL; name += 2) {
		assert_non_null(row);
		assert_string_equal(row->name, name[0]);
		assert_string_equal(row->value, name[1]);
		row = row->next;
	}
	assert_null(row);
	ucm_system_free(&system);
}

struct type_case {
	const char *what;
	const char *text;
	const char *type;
};

#define TYPED(attribute, subtype, source)                                                          \
	"<uc-export><VARA " attribute " name='UC_SMTP_A'><HEADER>" subtype                         \
	"</HEADER><ATTR_VARA>" source                                                              \
	"</ATTR_VARA><VARA><SQL><source>X</source></SQL></VARA></VARA></uc-export>"

static const struct type_case types[] = {
    {"the attribute", TYPED("data_type='STATIC'", "", ""), "STATIC"},
    {"the attribute wins",
	TYPED("data_type='SQL'", "<OH_SubType>STATIC</OH_SubType>", "<source>STATIC</source>"),
	"SQL"},
    {"else the section", TYPED("", "<OH_SubType>X</OH_SubType>", "<source> SQLI\n</source>"),
	"SQLI"},
    {"else the header", TYPED("", "<OH_SubType><![CDATA[FILELIST]]></OH_SubType>", "<source/>"),
	"FILELIST"},
    {"an empty attribute tells nothing", TYPED("data_type=''", "<OH_SubType>EXEC</OH_SubType>", ""),
	"EXEC"},
    {"nothing tells", TYPED("", "<OH_SubType/>", "<source></source>"), ""},
};

static void the_type_of_a_variable_is_told_three_times(void **state)
{
	struct ucm_system system;

	(void)state;
	for (size_t i = 0; i < COUNT(types); i++) {
		print_message("# %s\n", types[i].what);
		read_text(&system, types[i].text);
		assert_int_equal(system.findings.count, 0);
		assert_non_null(system.variables);
		assert_string_equal(system.variables->type, types[i].type);
		assert_null(system.variables->rows);
		ucm_system_free(&system);
	}
}

/* Each has rows that look like settings, and no settings. */
static const char *const without_rows[] = {
    /* parameters of an XML variable */
    "<uc-export><VARA data_type='XML' name='UC_SMTP_A'><VARA><XML><Parameters><row "
    "Name='SMTP_SERVER' Value='x'/></Parameters></XML></VARA></VARA></uc-export>",
    /* one level too high and one too low */
    "<uc-export><VARA name='UC_SMTP_A'><Variables><row Name='SMTP_SERVER' Value='x'/></Variables>"
    "<VARA><row Name='SMTP_PORT' Value='1'/><Variables><x><row Name='SMTP_PORT' Value='2'/></x>"
    "</Variables></VARA></VARA></uc-export>",
    /* another section */
    "<uc-export><VARA name='UC_SMTP_A'><DYNVALUES><Variables><row Name='SMTP_SERVER' "
    "Value='x'/></Variables></DYNVALUES></VARA></uc-export>",
    /* export XML inside CDATA and inside an attribute */
    "<uc-export><VARA name='UC_SMTP_A'><VARA><Variables><![CDATA[<row Name='SMTP_SERVER' "
    "Value='x'/>]]><row Name='X' Value='&lt;row Name=\"SMTP_SERVER\" "
    "Value=\"x\"/&gt;'/></Variables></VARA></VARA></uc-export>",
    /* a comment */
    "<uc-export><!-- <VARA> --><VARA name='UC_SMTP_A'><VARA><Variables><!-- <row "
    "Name='SMTP_SERVER' Value='x'/> --></Variables></VARA></VARA></uc-export>",
    /* a name space of its own */
    "<uc-export xmlns:a='urn:a'><VARA name='UC_SMTP_A'><VARA><Variables><a:row "
    "Name='SMTP_SERVER' Value='x'/></Variables></VARA></VARA></uc-export>",
    /* UC_TRUSTEDCERTS as a variable is kept for itself only */
    "<uc-export><VARA name='UC_TRUSTEDCERTS'><VARA><Variables><row Name='SMTP_SERVER' "
    "Value='x'/></Variables></VARA></VARA></uc-export>",
};

static void rows_elsewhere_are_no_settings(void **state)
{
	struct ucm_system system;

	(void)state;
	for (size_t i = 0; i < COUNT(without_rows); i++) {
		print_message("# %s\n", without_rows[i]);
		read_text(&system, without_rows[i]);
		assert_int_equal(system.findings.count, 0);
		assert_int_equal(system.objects, 1);
		assert_non_null(system.variables);
		assert_null(system.variables->rows);
		ucm_system_free(&system);
	}
}

static void objects_of_no_interest_are_counted_and_forgotten(void **state)
{
	struct ucm_system system;
	static const char text[] = HEAD15 ROOT
	    "<FolderStruct><FOLD name=\"A\" title=\"\"><VARA link=\"0\" "
	    "name=\"UC_CLIENT_SETTINGS\"/><STORE name=\"UC_TRUSTEDCERTS\"/></FOLD>"
	    "</FolderStruct>" VARA("VARA.MINE", "data_type=\"STATIC\" ",
		ROW("SMTP_SERVER", "x")) "<STORE name=\"STORE.MINE\"><STORE/></STORE>"
					 "<DOCU name=\"D\"><DOCU_Links- type=\"xml\"/></DOCU>"
					 "<CALL name=\"UC_CLIENT_SETTINGS\"/><PRPT "
					 "name=\"P\"><A.00 b=\"\"/></PRPT>" END;

	(void)state;
	read_text(&system, text);
	assert_int_equal(system.findings.count, 0);
	assert_int_equal(system.objects, 5);
	assert_int_equal(system.files, 1);
	assert_int_equal(system.bytes, sizeof(text) - 1);
	assert_null(system.variables);
	assert_null(system.stores);
	assert_false(system.has_logins);
	assert_false(system.has_scripts);
	assert_int_equal(system.client_count, 1);
	ucm_system_free(&system);
}

static void stores_list_their_resources(void **state)
{
	struct ucm_system system;
	const struct ucm_resource *resource;

	(void)state;
	read_text(&system, HEAD15 ROOT
	    "<STORE name=\"UC_TRUSTEDCERTS\">\n<HEADER state=\"1\"/>\n<STORE>\n<HostType/>\n"
	    "<resourceList>\n<row checksum=\"AB\" name=\"MAIL_CA\" resname=\"R1\" size=\"1\"/>\n"
	    "<row checksum=\"CD\" name=\"RELAY\" "
	    "resname=\"../R2\"/>\n</resourceList></STORE></STORE>"
	    "<STORE name=\"UC_TRUSTEDCERTS\" client=\"200\"><STORE><resourcelist><row name=\"X\"/>"
	    "</resourcelist></STORE></STORE>" END);
	assert_int_equal(system.findings.count, 0);
	assert_non_null(system.stores);
	assert_int_equal(system.stores->client, 100);
	assert_int_equal(system.stores->line, 3);
	assert_int_equal(system.stores->column, 14);
	resource = system.stores->resources;
	assert_string_equal(resource->name, "MAIL_CA");
	assert_string_equal(resource->resname, "R1");
	assert_string_equal(resource->checksum, "AB");
	assert_null(resource->payload);
	assert_int_equal(resource->line, 8);
	assert_int_equal(resource->column, 26);
	resource = resource->next;
	assert_string_equal(resource->name, "RELAY");
	assert_null(resource->next);
	assert_int_equal(system.stores->next->client, 200);
	assert_string_equal(system.stores->next->resources->name, "X");
	assert_string_equal(system.stores->next->resources->resname, "");
	ucm_system_free(&system);
}

static void logins_keep_their_first_user(void **state)
{
	struct ucm_system system;

	(void)state;
	read_text(&system,
	    "<uc-export><LOGIN name='L1' client='0300'><HEADER/><LOGIN state='1'><Logins><row "
	    "Host='*' Login='mail' Pass='' Type='UNIX'/><row "
	    "Login='other'/></Logins></LOGIN></LOGIN>"
	    "<LOGIN name='L2'><LOGIN><Logins/></LOGIN></LOGIN></uc-export>");
	assert_int_equal(system.findings.count, 0);
	assert_true(system.has_logins);
	assert_int_equal(system.logins->client, 300);
	assert_string_equal(system.logins->name, "L1");
	assert_string_equal(system.logins->user, "mail");
	assert_string_equal(system.logins->next->name, "L2");
	assert_null(system.logins->next->user);
	ucm_system_free(&system);
}

static void platforms_of_jobs_are_noted(void **state)
{
	struct ucm_system system;

	(void)state;
	read_text(&system,
	    "<uc-export><JOBS_UNIX name='A' AttrType='UNIX'><ATTR_JOBS><HostATTR_Type>UNIX"
	    "</HostATTR_Type></ATTR_JOBS></JOBS_UNIX><JOBS_R3 name='B'><ATTR_JOBS><HostATTR_Type>"
	    "R3</HostATTR_Type></ATTR_JOBS></JOBS_R3><JOBS_X name='C'><ATTR_JOBS><HostATTR_Type>"
	    "GENERIC</HostATTR_Type></ATTR_JOBS></JOBS_X></uc-export>");
	assert_int_equal(system.findings.count, 0);
	assert_int_equal(system.job_agents,
	    1U << UCM_AGENT_UNIX_X64_LINUX | 1U << UCM_AGENT_UNIX_OTHER | 1U << UCM_AGENT_SAP);
	ucm_system_free(&system);
}

struct call_case {
	const char *what;
	const char *text;
	unsigned line, column;
	const char *server;
	unsigned server_line, server_column;
	const char *excerpt; /* NULL: none */
	unsigned excerpt_column;
};

#define SCRIPT(content)                                                                            \
	HEAD15 "<uc-export><SCRI name='S'><SCRIPT mode='1'>\n<MSCRI>" content                      \
	       "</MSCRI></SCRIPT></SCRI></uc-export>"

static const struct call_case calls[] = {
    {"on the line of the tag", SCRIPT("<![CDATA[:SET &A# = SEND_MAIL(a,,\"S\",t,,,,\"X\")]]>"), 3,
	28, "X", 3, 50,
	"<MSCRI><![CDATA[:SET &A# = SEND_MAIL(a,,\"S\",t,,,,\"X\")]]></MSCRI></SCRIPT>"
	"</SCRI></uc-export>",
	28},
    {"on a line of its own, CRLF",
	SCRIPT("<![CDATA[! \xC3\xA4\r\n: S\r\n  :SEND_MAIL(\"\xC3\xA4\",,\"S\",t,,,,\"X\")\r\n]]>"),
	5, 4, "X", 5, 28, "  :SEND_MAIL(\"\xC3\xA4\",,\"S\",t,,,,\"X\")", 4},
    {"behind a line end before the section",
	SCRIPT("\n <![CDATA[:SEND_MAIL(a,,\"S\",t,,,,\"X\")]]>\n"), 4, 12, "X", 4, 34,
	" <![CDATA[:SEND_MAIL(a,,\"S\",t,,,,\"X\")]]>", 12},
    {"without a section, with references", SCRIPT("\n:SEND_MAIL(a,,&quot;S&quot;,t,,,,\"X\")"), 4,
	2, "X", 4, 24, NULL, 0},
    {"in two sections", SCRIPT("<![CDATA[\n:SEND_MAIL(a,,\"S]]]><![CDATA[]\",t,,,,\"X\")]]>"), 4, 2,
	"X", 4, 26, NULL, 0},
};

static void calls_are_found_where_they_stand(void **state)
{
	struct ucm_system system;

	(void)state;
	for (size_t i = 0; i < COUNT(calls); i++) {
		print_message("# %s\n", calls[i].what);
		read_text(&system, calls[i].text);
		assert_int_equal(system.findings.count, 0);
		assert_true(system.has_scripts);
		assert_non_null(system.calls);
		assert_null(system.calls->next);
		assert_string_equal(system.calls->object, "S");
		assert_string_equal(system.calls->file, "a.xml");
		assert_int_equal(system.calls->client, 100);
		assert_int_equal(system.calls->line, calls[i].line);
		assert_int_equal(system.calls->column, calls[i].column);
		assert_string_equal(system.calls->server, calls[i].server);
		assert_int_equal(system.calls->server_line, calls[i].server_line);
		assert_int_equal(system.calls->server_column, calls[i].server_column);
		if (calls[i].excerpt == NULL)
			assert_null(system.calls->excerpt);
		else
			assert_string_equal(system.calls->excerpt, calls[i].excerpt);
		assert_int_equal(system.calls->excerpt_column, calls[i].excerpt_column);
		ucm_system_free(&system);
	}
}

static void scripts_count_only_with_text(void **state)
{
	static const char *const empty[] = {SCRIPT(""), SCRIPT("<![CDATA[ \n]]>"), SCRIPT(" \n"),
	    "<uc-export><SCRI name='S'><SCRIPT><MSCRI/></SCRIPT></SCRI></uc-export>",
	    "<uc-export><FolderStruct><MSCRI>:SEND_MAIL(a,,b,c)</MSCRI></FolderStruct></uc-export>",
	    ("<uc-export><DOCU name='S'><DOC><![CDATA[<MSCRI>:SEND_MAIL(a,,b,c)</MSCRI>]]></DOC>"
	     "</DOCU></uc-export>")};
	struct ucm_system system;

	(void)state;
	for (size_t i = 0; i < COUNT(empty); i++) {
		read_text(&system, empty[i]);
		assert_int_equal(system.findings.count, 0);
		assert_false(system.has_scripts);
		assert_null(system.calls);
		ucm_system_free(&system);
	}
}

static void a_script_that_mails_needs_a_client(void **state)
{
	static const char text[] =
	    "<uc-export><SCRI "
	    "name='S'><SCRIPT><MSCRI>:SEND_MAIL(a,,b,c)\n:SEND_MAIL(a,,b,c)</MSCRI>"
	    "</SCRIPT></SCRI><SCRI name='T'><SCRIPT><MSCRI>:PRINT 1</MSCRI></SCRIPT></SCRI>"
	    "</uc-export>";
	const struct ucm_export export = {.name = "a.xml", .client = UCM_CLIENT_UNKNOWN};
	struct ucm_memory_source source;
	struct ucm_system system;

	(void)state;
	ucm_system_init(&system, NULL, 0);
	ucm_source_memory(&source, text, sizeof(text) - 1);
	assert_int_equal(ucm_export_read(&system, &source.base, &export), 0);
	assert_int_equal(system.findings.count, 1);
	assert_int_equal(system.findings.row[0].rule, UCM004);
	assert_string_equal(system.findings.row[0].place.object, "S");
	assert_int_equal(system.findings.row[0].place.column, 24);
	assert_null(system.calls);
	ucm_system_free(&system);
}

/* ---- Clients ------------------------------------------------------------------------------- */

struct client_case {
	const char *what;
	const char *text;
	int client; /* of the variable; -2: UCM004 */
};

#define OF_CLIENT(attribute) "<uc-export><VARA name='UC_SMTP_A' " attribute "/></uc-export>"

static const struct client_case clients[] = {
    {"the attribute wins over the file", OF_CLIENT("client='0500'"), 500},
    {"zero", OF_CLIENT("client='0000'"), 0},
    {"without leading zeros", OF_CLIENT("client='7'"), 7},
    {"the highest", OF_CLIENT("client='9999'"), 9999},
    {"above the highest", OF_CLIENT("client='10000'"), -2},
    {"an overflow", OF_CLIENT("client='99999999999999999999'"), -2},
    {"empty", OF_CLIENT("client=''"), -2},
    {"a word", OF_CLIENT("client='UC4'"), -2},
    {"negative", OF_CLIENT("client='-1'"), -2},
    {"a blank", OF_CLIENT("client=' 100'"), -2},
    {"none: the file's", OF_CLIENT("system='UC4'"), 100},
};

static void the_client_is_the_attribute_or_the_files(void **state)
{
	struct ucm_system system;

	(void)state;
	for (size_t i = 0; i < COUNT(clients); i++) {
		print_message("# %s\n", clients[i].what);
		read_text(&system, clients[i].text);
		if (clients[i].client == -2) {
			assert_int_equal(system.findings.count, 1);
			assert_int_equal(system.findings.row[0].rule, UCM004);
			assert_string_equal(system.findings.row[0].place.object, "UC_SMTP_A");
			assert_int_equal(system.findings.row[0].place.column, 24);
			assert_null(system.variables);
			assert_int_equal(system.client_count, 0);
		} else {
			assert_int_equal(system.findings.count, 0);
			assert_int_equal(system.variables->client, clients[i].client);
			assert_int_equal(system.client_count, 1);
			assert_int_equal(system.clients[0], clients[i].client);
		}
		ucm_system_free(&system);
	}
}

static void only_objects_that_matter_need_a_client(void **state)
{
	static const char text[] =
	    "<uc-export><VARA name='MINE'/><JOBP name='J'/><STORE name='S'/>\n"
	    "<VARA name='UC_CLIENT_SETTINGS'/>\n<VARA name='uc_smtp_x'/>\n"
	    "<STORE name='UC_TRUSTEDCERTS'/>\n<VARA name='UC_TRUSTEDCERTS'/>\n"
	    "<LOGIN name='L'/>\n<DOCU name='UC_SMTP_A'/></uc-export>";
	const struct ucm_export export = {.name = "a.xml", .client = UCM_CLIENT_UNKNOWN};
	struct ucm_memory_source source;
	struct ucm_system system;

	(void)state;
	ucm_system_init(&system, NULL, 0);
	ucm_source_memory(&source, text, sizeof(text) - 1);
	assert_int_equal(ucm_export_read(&system, &source.base, &export), 0);
	assert_int_equal(system.objects, 9);
	assert_int_equal(system.findings.count, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(system.findings.row[i].rule, UCM004);
		assert_int_equal(system.findings.row[i].place.line, 2 + i);
		assert_int_equal(system.findings.row[i].place.client, UCM_CLIENT_UNKNOWN);
	}
	assert_null(system.variables);
	assert_null(system.stores);
	assert_null(system.logins);
	ucm_system_free(&system);
}

/* ---- Without memory ------------------------------------------------------------------------ */

static void running_out_of_memory_is_told(void **state)
{
	static const char text[] = HEAD15 ROOT VARA("UC_SMTP_A", "",
	    ROW("SMTP_SERVER", "x")) "<STORE name='UC_TRUSTEDCERTS'><STORE><resourceList><row "
				     "name='X' resname='Y'/>"
				     "</resourceList></STORE></STORE><LOGIN name='L'/><VARA "
				     "client='x' name='UC_SMTP_'/>";
	struct scarce scarce;
	const struct ucm_allocator allocator = {scarce_resize, &scarce};
	const struct ucm_export export = {.name = "a.xml", .client = 100};
	struct ucm_memory_source source;
	struct ucm_system system;
	int result = -1;

	(void)state;
	for (unsigned allowed = 0; result != 0; allowed++) {
		assert_true(allowed < 1000);
		scarce.left = allowed;
		ucm_system_init(&system, &allocator, 0);
		ucm_source_memory(&source, text, sizeof(text) - 1);
		result = ucm_export_read(&system, &source.base, &export);
		assert_true(result == 0 || result == -1);
		if (result == 0)
			assert_true(allowed >= 3);
		ucm_system_free(&system);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(variables_and_rows_are_kept_in_order),
	    cmocka_unit_test(the_type_of_a_variable_is_told_three_times),
	    cmocka_unit_test(rows_elsewhere_are_no_settings),
	    cmocka_unit_test(objects_of_no_interest_are_counted_and_forgotten),
	    cmocka_unit_test(stores_list_their_resources),
	    cmocka_unit_test(logins_keep_their_first_user),
	    cmocka_unit_test(platforms_of_jobs_are_noted),
	    cmocka_unit_test(calls_are_found_where_they_stand),
	    cmocka_unit_test(scripts_count_only_with_text),
	    cmocka_unit_test(a_script_that_mails_needs_a_client),
	    cmocka_unit_test(the_client_is_the_attribute_or_the_files),
	    cmocka_unit_test(only_objects_that_matter_need_a_client),
	    cmocka_unit_test(running_out_of_memory_is_told),
	};

	return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
