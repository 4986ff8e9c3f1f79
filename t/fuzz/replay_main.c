/*
 * replay - feed files to a fuzz target, without libFuzzer
 *
 *	replay_json file ...
 *
 * For compilers that have no libFuzzer, for debuggers and for valgrind.
 */
#include "compat.h"

#include <fcntl.h>
#include <unistd.h>

#include "buf.h"
#include "io.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
main(int argc, char **argv)
{
	struct buf b = BUF_INIT;
	int i, fd;

	for (i = 1; i < argc; i++) {
		buf_reset(&b);
		fd = open(argv[i], O_RDONLY | O_CLOEXEC);
		if (fd < 0 || io_slurp(fd, &b) < 0) {
			perror(argv[i]);
			return 1;
		}
		close(fd);
		(void)LLVMFuzzerTestOneInput((const uint8_t *)b.p, b.len);
	}
	buf_release(&b);
	return 0;
}
