/* vdev: a SANE backend for tests only. Options, paper and faults come from text files in $VDEV_DIR, so that one small
 * driver can behave like any of the profiles: clamping without a word, options that appear and vanish, stale sensors,
 * a jam in mid-page, a Stop button that says "out of documents", a hang, a crash. No paper, no device.
 *
 *   options   one option a line, tab-separated key=value: name type(bool|int|fixed|string) value [list=a|b] [ro=1]
 *             [needs=other=value] [max=other] [clamp=v] [resets=other=value] [live=paper|cover|double|button|side|odometer]
 *             [yes=v] [stale=1]
 *   deck      one sheet a line: label [fault]; a fault strikes once
 *   odometer  sheets that the rollers ever moved, also those of which no picture came
 *   output    labels that were fed, appended
 *   cover, double, button   a file that exists makes that sensor say yes
 *   name      the device's name now, in place of "0": another one after it was plugged into another port
 */
#include <sane/sane.h>
#include <sane/saneopts.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_OPTIONS 64
#define MAX_LIST 16
#define TEXT 128

typedef struct {
  SANE_Option_Descriptor d;
  char name[TEXT], text[TEXT], needs[TEXT], max[TEXT], clamp[TEXT], resets[TEXT], live[TEXT], list_text[8 * TEXT];
  SANE_String_Const list[MAX_LIST + 1];
  double number, yes, cached;
  int stale, have_cache;
} Opt;

static Opt options[MAX_OPTIONS];
static int n_options;
static SANE_Device device = { "0", "scanflow", "vdev (simulated)", "virtual device" };
static const SANE_Device *devices[] = { &device, NULL };

static int label, back_due, scanning, line, lines, width, cut_line, cancelled;
static SANE_Status cut_status;
static char fault[TEXT];

static const char *path (const char *name)
{
  static char buffer[1024];
  const char *dir = getenv ("VDEV_DIR");
  snprintf (buffer, sizeof buffer, "%s/%s", dir ? dir : "/nonexistent", name);
  return buffer;
}

static int exists (const char *name) { return access (path (name), F_OK) == 0; }

static Opt *find (const char *name)
{
  for (int i = 1; i < n_options; i++)
    if (strcmp (options[i].name, name) == 0)
      return &options[i];
  return NULL;
}

static void show (Opt *o, char *out)
{
  if (o->d.type == SANE_TYPE_STRING)
    snprintf (out, TEXT, "%s", o->text);
  else
    snprintf (out, TEXT, "%g", o->number);
}

static int equals (const char *condition) /* "other=value" */
{
  char name[TEXT], got[TEXT];
  const char *eq = strchr (condition, '=');
  if (!eq)
    return 0;
  snprintf (name, sizeof name, "%.*s", (int) (eq - condition), condition);
  Opt *o = find (name);
  if (!o)
    return 0;
  show (o, got);
  return strcmp (got, eq + 1) == 0;
}

static int duplex (void)
{
  Opt *source = find ("source"), *flag = find ("duplex"), *mode = find ("adf-mode");
  if (flag && flag->number != 0)
    return 1;
  if (mode && !strcmp (mode->text, "Duplex"))
    return 1;
  return source && strstr (source->text, "Duplex") != NULL;
}

static int odometer (void)
{
  int sheets = 0;
  FILE *f = fopen (path ("odometer"), "r");
  if (f)
    {
      if (fscanf (f, "%d", &sheets) != 1)
        sheets = 0;
      fclose (f);
    }
  return sheets;
}

static double live (Opt *o)
{
  int yes = 0;
  if (!strcmp (o->live, "paper"))
    {
      FILE *f = fopen (path ("deck"), "r");
      char row[TEXT];
      yes = f && fgets (row, sizeof row, f) != NULL;
      if (f)
        fclose (f);
    }
  else if (!strcmp (o->live, "side"))
    return back_due;
  else if (!strcmp (o->live, "odometer"))
    return odometer ();
  else
    yes = exists (o->live);
  return yes ? o->yes : 0;
}

static void set_field (Opt *o, char *key, char *value)
{
  if (!strcmp (key, "name")) snprintf (o->name, TEXT, "%s", value);
  else if (!strcmp (key, "type"))
    {
      o->d.type = !strcmp (value, "bool") ? SANE_TYPE_BOOL : !strcmp (value, "int") ? SANE_TYPE_INT
        : !strcmp (value, "fixed") ? SANE_TYPE_FIXED : SANE_TYPE_STRING;
      o->d.size = o->d.type == SANE_TYPE_STRING ? TEXT : (SANE_Int) sizeof (SANE_Word);
    }
  else if (!strcmp (key, "value")) { snprintf (o->text, TEXT, "%s", value); o->number = atof (value); }
  else if (!strcmp (key, "list"))
    {
      int n = 0;
      snprintf (o->list_text, sizeof o->list_text, "%s", value);
      for (char *save, *w = strtok_r (o->list_text, "|", &save); w && n < MAX_LIST; w = strtok_r (NULL, "|", &save))
        o->list[n++] = w;
      o->d.constraint_type = SANE_CONSTRAINT_STRING_LIST;
      o->d.constraint.string_list = o->list;
    }
  else if (!strcmp (key, "ro")) o->d.cap &= ~SANE_CAP_SOFT_SELECT;
  else if (!strcmp (key, "needs")) snprintf (o->needs, TEXT, "%s", value);
  else if (!strcmp (key, "max")) snprintf (o->max, TEXT, "%s", value);
  else if (!strcmp (key, "clamp")) snprintf (o->clamp, TEXT, "%s", value);
  else if (!strcmp (key, "resets")) snprintf (o->resets, TEXT, "%s", value);
  else if (!strcmp (key, "live")) snprintf (o->live, TEXT, "%s", value);
  else if (!strcmp (key, "yes")) o->yes = atof (value);
  else if (!strcmp (key, "stale")) o->stale = 1;
}

static void load_options (void)
{
  char row[16 * TEXT];
  FILE *f = fopen (path ("options"), "r");
  memset (options, 0, sizeof options);
  n_options = 1;
  options[0].d.name = "";
  options[0].d.title = options[0].d.desc = "Number of options";
  options[0].d.type = SANE_TYPE_INT;
  options[0].d.size = sizeof (SANE_Word);
  options[0].d.cap = SANE_CAP_SOFT_DETECT;
  while (f && fgets (row, sizeof row, f) && n_options < MAX_OPTIONS)
    {
      Opt *o = &options[n_options++];
      row[strcspn (row, "\n")] = 0;
      o->d.cap = SANE_CAP_SOFT_SELECT | SANE_CAP_SOFT_DETECT;
      o->yes = 1;
      for (char *save, *w = strtok_r (row, "\t", &save); w; w = strtok_r (NULL, "\t", &save))
        {
          char *eq = strchr (w, '=');
          if (eq) { *eq = 0; set_field (o, w, eq + 1); }
        }
      o->d.name = o->name;
      o->d.title = o->d.desc = o->name;
    }
  if (f)
    fclose (f);
}

/* ---- paper ------------------------------------------------------------------------------------------------------ */

static int take_sheet (void) /* 1 a sheet was fed, 0 the deck is empty */
{
  char row[TEXT], rest[64 * TEXT] = "";
  FILE *f = fopen (path ("deck"), "r");
  if (!f || !fgets (row, sizeof row, f))
    {
      if (f)
        fclose (f);
      return 0;
    }
  size_t n = fread (rest, 1, sizeof rest - 1, f);
  rest[n] = 0;
  fclose (f);
  fault[0] = 0;
  sscanf (row, "%d %127s", &label, fault);
  int stays = !strcmp (fault, "jam") || !strcmp (fault, "cover") || !strcmp (fault, "stop") || !strcmp (fault, "double")
    || !strcmp (fault, "io") || !strcmp (fault, "cancel") || !strcmp (fault, "busy");
  f = fopen (path ("deck"), "w");
  if (stays)
    fprintf (f, "%d\n", label); /* not fed; the fault has struck */
  fputs (rest, f);
  fclose (f);
  if (!stays)
    {
      f = fopen (path ("output"), "a");
      fprintf (f, "%d\n", label);
      fclose (f);
      int moved = odometer () + 1;
      f = fopen (path ("odometer"), "w");
      fprintf (f, "%d\n", moved);
      fclose (f);
    }
  if (!strcmp (fault, "swallow")) /* went through the rollers, and the driver makes nothing of it */
    return take_sheet ();
  return 1;
}

/* ---- the SANE interface ------------------------------------------------------------------------------------------ */

SANE_Status sane_vdev_init (SANE_Int *version, SANE_Auth_Callback authorize)
{
  (void) authorize;
  if (version)
    *version = SANE_VERSION_CODE (1, 0, 0);
  return SANE_STATUS_GOOD;
}

void sane_vdev_exit (void) { }

static const char *now_called (void)
{
  static char name[TEXT];
  FILE *f = fopen (path ("name"), "r");
  if (!f || !fgets (name, sizeof name, f))
    strcpy (name, "0");
  if (f)
    fclose (f);
  name[strcspn (name, "\n")] = 0;
  return name;
}

SANE_Status sane_vdev_get_devices (const SANE_Device ***list, SANE_Bool local)
{
  (void) local;
  static const SANE_Device *none[] = { NULL };
  device.name = now_called ();
  *list = exists ("unplugged") ? none : devices;
  return SANE_STATUS_GOOD;
}

SANE_Status sane_vdev_open (SANE_String_Const name, SANE_Handle *h)
{
  if (exists ("unplugged") || strcmp (name, now_called ()))
    return SANE_STATUS_INVAL;
  if (exists ("denied"))
    return SANE_STATUS_ACCESS_DENIED;
  load_options ();
  back_due = scanning = cancelled = 0;
  *h = &device;
  return SANE_STATUS_GOOD;
}

void sane_vdev_close (SANE_Handle h) { (void) h; }

const SANE_Option_Descriptor *sane_vdev_get_option_descriptor (SANE_Handle h, SANE_Int i)
{
  (void) h;
  if (i < 0 || i >= n_options)
    return NULL;
  Opt *o = &options[i];
  if (o->needs[0])
    {
      if (equals (o->needs)) o->d.cap &= ~SANE_CAP_INACTIVE;
      else o->d.cap |= SANE_CAP_INACTIVE;
    }
  return &o->d;
}

static void get (Opt *o, void *v)
{
  double value = o->number;
  if (o->live[0])
    {
      value = live (o);
      if (o->stale)
        {
          double old = o->have_cache ? o->cached : 0; /* the first answer after a pause is old */
          o->cached = value;
          o->have_cache = 1;
          value = old;
        }
    }
  if (o->d.type == SANE_TYPE_STRING) strcpy (v, o->text);
  else if (o->d.type == SANE_TYPE_FIXED) *(SANE_Word *) v = SANE_FIX (value);
  else *(SANE_Word *) v = (SANE_Word) value;
}

static void put (Opt *o, void *v)
{
  if (o->d.type == SANE_TYPE_STRING) snprintf (o->text, TEXT, "%s", (char *) v);
  else if (o->d.type == SANE_TYPE_FIXED) o->number = SANE_UNFIX (*(SANE_Word *) v);
  else o->number = *(SANE_Word *) v;
  if (o->clamp[0]) { memmove (o->text, o->clamp, TEXT); o->number = atof (o->clamp); }
  Opt *limit = o->max[0] ? find (o->max) : NULL;
  if (limit && o->number > limit->number)
    o->number = limit->number;
  char *eq = strchr (o->resets, '=');
  if (eq)
    {
      char name[TEXT];
      snprintf (name, sizeof name, "%.*s", (int) (eq - o->resets), o->resets);
      Opt *other = find (name);
      if (other) { snprintf (other->text, TEXT, "%s", eq + 1); other->number = atof (eq + 1); }
    }
}

SANE_Status sane_vdev_control_option (SANE_Handle h, SANE_Int i, SANE_Action a, void *v, SANE_Int *info)
{
  const SANE_Option_Descriptor *d = sane_vdev_get_option_descriptor (h, i);
  if (info)
    *info = 0;
  if (!d)
    return SANE_STATUS_INVAL;
  if (i == 0) { *(SANE_Word *) v = n_options; return SANE_STATUS_GOOD; }
  if (!SANE_OPTION_IS_ACTIVE (d->cap))
    return SANE_STATUS_INVAL;
  if (a == SANE_ACTION_GET_VALUE) { get (&options[i], v); return SANE_STATUS_GOOD; }
  if (!SANE_OPTION_IS_SETTABLE (d->cap))
    return SANE_STATUS_INVAL;
  put (&options[i], v);
  if (info)
    *info = SANE_INFO_RELOAD_OPTIONS;
  return SANE_STATUS_GOOD;
}

SANE_Status sane_vdev_get_parameters (SANE_Handle h, SANE_Parameters *p)
{
  (void) h;
  Opt *mode = find ("mode");
  int grey = (mode && !strstr (mode->text, "Color")) || !strcmp (fault, "grey");
  memset (p, 0, sizeof *p);
  p->format = grey ? SANE_FRAME_GRAY : SANE_FRAME_RGB;
  p->last_frame = SANE_TRUE;
  p->depth = 8;
  p->pixels_per_line = width;
  p->bytes_per_line = width * (grey ? 1 : 3);
  p->lines = !strcmp (fault, "nolines") ? -1 : lines;
  return SANE_STATUS_GOOD;
}

static double option_number (const char *name, double otherwise)
{
  Opt *o = find (name);
  return o ? o->number : otherwise;
}

SANE_Status sane_vdev_start (SANE_Handle h)
{
  (void) h;
  if (exists ("unplugged"))
    return SANE_STATUS_IO_ERROR;
  if (cancelled)
    return SANE_STATUS_CANCELLED; /* poisoned until closed, as airscan does it */
  if (!back_due)
    {
      if (!take_sheet ())
        return SANE_STATUS_NO_DOCS;
      if (!strcmp (fault, "jam")) return SANE_STATUS_JAMMED;
      if (!strcmp (fault, "cover")) { fclose (fopen (path ("cover"), "w")); return SANE_STATUS_JAMMED; }
      if (!strcmp (fault, "double")) { fclose (fopen (path ("double"), "w")); return SANE_STATUS_JAMMED; }
      if (!strcmp (fault, "stop")) return SANE_STATUS_NO_DOCS; /* the Stop button lies */
      if (!strcmp (fault, "io")) return SANE_STATUS_IO_ERROR;
      if (!strcmp (fault, "cancel")) return SANE_STATUS_CANCELLED;
      if (!strcmp (fault, "busy")) return SANE_STATUS_DEVICE_BUSY;
      if (!strcmp (fault, "hang")) for (;;) pause ();
      if (!strcmp (fault, "crash")) raise (SIGSEGV);
      if (!strcmp (fault, "unplug")) { fclose (fopen (path ("unplugged"), "w")); return SANE_STATUS_IO_ERROR; }
    }
  else if (!strcmp (fault, "hangback"))
    for (;;) pause ();
  double dpi = option_number ("resolution", 300);
  width = (int) (option_number ("br-x", 210) / 25.4 * dpi + 0.5);
  lines = (int) (option_number ("br-y", 297) / 25.4 * dpi + 0.5);
  line = 0;
  cut_line = !strcmp (fault, "jammid") || !strcmp (fault, "nodocsmid") || !strcmp (fault, "short") ? lines / 2 : -1;
  cut_status = !strcmp (fault, "jammid") ? SANE_STATUS_JAMMED
    : !strcmp (fault, "nodocsmid") ? SANE_STATUS_NO_DOCS : SANE_STATUS_EOF;
  scanning = 1;
  return SANE_STATUS_GOOD;
}

static void end_of_side (void)
{
  int skip = option_number ("swskip", 0) > 0 && !strcmp (fault, "blankback");
  int drop = !strcmp (fault, "dropback");
  scanning = 0;
  back_due = !back_due && duplex () && !skip && !drop;
}

static void draw (SANE_Byte *row, int number, int bytes)
{
  memset (row, 240, bytes);
  if (bytes == width * 3 && line >= 400 && line < 460)
    for (int bit = 0; bit < 12; bit++)
      if (200 + (bit + 1) * 60 <= width)
        memset (row + (200 + bit * 60) * 3, number >> bit & 1 ? 20 : 230, 180);
}

SANE_Status sane_vdev_read (SANE_Handle h, SANE_Byte *data, SANE_Int max, SANE_Int *n)
{
  SANE_Parameters p;
  *n = 0;
  if (!scanning)
    return SANE_STATUS_INVAL;
  if (line == cut_line)
    {
      scanning = 0;
      if (cut_status == SANE_STATUS_EOF)
        end_of_side ();
      return cut_status;
    }
  if (line == lines)
    {
      end_of_side ();
      return SANE_STATUS_EOF;
    }
  sane_vdev_get_parameters (h, &p);
  for (; *n + p.bytes_per_line <= max && line < lines && line != cut_line; line++, *n += p.bytes_per_line)
    draw (data + *n, 2 * label + back_due, p.bytes_per_line);
  return *n ? SANE_STATUS_GOOD : SANE_STATUS_NO_MEM;
}

void sane_vdev_cancel (SANE_Handle h) { (void) h; scanning = 0; back_due = 0; cancelled = 1; }
SANE_Status sane_vdev_set_io_mode (SANE_Handle h, SANE_Bool m) { (void) h; return m ? SANE_STATUS_UNSUPPORTED : SANE_STATUS_GOOD; }
SANE_Status sane_vdev_get_select_fd (SANE_Handle h, SANE_Int *fd) { (void) h; (void) fd; return SANE_STATUS_UNSUPPORTED; }
