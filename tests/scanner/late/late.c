/* late: preloaded into the driver's process, it keeps the thread that waits inside sane_start asleep until the driver's
 * own thread has finished the whole job. The scheduler of a loaded machine does the same now and then; here it happens
 * every time. The job is over at the first broadcast after the file $LATE_GATE came to be (the scanner makes it when it
 * gets the DELETE of the job). Both flags are used under the driver's own mutex.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static __thread int starting;
static int over;

static void *real(const char *name) {
  void *found = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2"); /* x86-64 has an older one of the same name */
  return found ? found : dlsym(RTLD_NEXT, name);
}

int sane_start(void *handle) {
  int (*next)(void *) = (int (*)(void *))dlsym(dlopen("libsane.so.1", RTLD_NOW | RTLD_NOLOAD), "sane_start");
  starting = 1;
  int status = next(handle);
  starting = 0;
  return status;
}

int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex) {
  int (*next)(pthread_cond_t *, pthread_mutex_t *) = (int (*)(pthread_cond_t *, pthread_mutex_t *))real("pthread_cond_wait");
  int failed;
  do {
    failed = next(cond, mutex);
  } while (!failed && starting && !over);
  return failed;
}

int pthread_cond_broadcast(pthread_cond_t *cond) {
  int (*next)(pthread_cond_t *) = (int (*)(pthread_cond_t *))real("pthread_cond_broadcast");
  const char *gate = getenv("LATE_GATE");
  if (gate && access(gate, F_OK) == 0)
    over = 1;
  return next(cond);
}
