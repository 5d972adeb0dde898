/*
** Compiles FTS5 as a part of SQLite's core: it calls SQLite's functions directly. The driver's package has
** these functions, and the linker joins the two.
*/
#define SQLITE_CORE 1
#define SQLITE_ENABLE_FTS5 1
#define SQLITE_PRIVATE static
#define SQLITE_EXTENSION_INIT1 /* is for extensions that are loaded */
#define NDEBUG 1

/* A build with the driver's tag sqlite_fts5 has this name a second time. */
#define sqlite3_fts5_may_be_corrupt porchlight_fts5_may_be_corrupt

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "sqlite3.h"
#include "fts5.h"

static int begin(sqlite3 *db, char **error, const void *api) {
	(void)error;
	(void)api;
	return sqlite3Fts5Init(db);
}

int porchlight_enable_fts5(void) {
	return sqlite3_auto_extension((void (*)(void))begin);
}
