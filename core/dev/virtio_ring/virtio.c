// SPDX-License-Identifier: BSD-3-Clause
/* Device life: driver matching, feature negotiation (Virtio 1.2, 3.1.1). */
#include <asm/errno.h>
#include <uc/log.h>
#include <uc/virtio_tp.h>

extern const struct uc_virtio_driver *const uc_virtio_drivers_start[];
extern const struct uc_virtio_driver *const uc_virtio_drivers_end[];

static const struct uc_virtio_driver *driver_for(uint32_t device_id)
{
	for (const struct uc_virtio_driver *const *p = uc_virtio_drivers_start;
	     p < uc_virtio_drivers_end; p++) {
		if ((*p)->device_id == device_id)
			return *p;
	}
	return NULL;
}

bool uc_virtio_wanted(uint32_t device_id)
{
	return driver_for(device_id) != NULL;
}

static int negotiate(struct uc_virtio_dev *d, const struct uc_virtio_driver *drv)
{
	const struct uc_virtio_transport *tp = d->tp;
	uint64_t offered = tp->features(d);
	uint64_t want =
		drv->features | UC_VIRTIO_F_EVENT_IDX | (tp->legacy ? 0 : UC_VIRTIO_F_VERSION_1);
	d->features = offered & want;
	if (drv->choose)
		d->features = drv->choose(d, d->features);
	if (!tp->legacy && !(d->features & UC_VIRTIO_F_VERSION_1))
		return -EOPNOTSUPP;
	tp->set_features(d, d->features);
	if (tp->legacy)
		return 0;
	tp->set_status(d, UC_VIRTIO_ACKNOWLEDGE | UC_VIRTIO_DRIVER_FOUND | UC_VIRTIO_FEATURES_OK);
	return tp->status(d) & UC_VIRTIO_FEATURES_OK ? 0 : -EOPNOTSUPP;
}

int uc_virtio_add(struct uc_virtio_dev *d)
{
	const struct uc_virtio_driver *drv = driver_for(d->device_id);
	if (!drv)
		return -ENODEV;
	d->tp->set_status(d, 0);
	d->tp->set_status(d, UC_VIRTIO_ACKNOWLEDGE | UC_VIRTIO_DRIVER_FOUND);
	int r = negotiate(d, drv);
	if (!r)
		r = drv->probe(d);
	if (r) {
		d->tp->set_status(d, UC_VIRTIO_FAILED);
		uc_log(UC_LOG_WARN, "virtio: %s: device unusable (error %d)", drv->name, -r);
	}
	return r;
}

void uc_virtio_ready(struct uc_virtio_dev *d)
{
	uint8_t ok = d->tp->legacy ? 0 : UC_VIRTIO_FEATURES_OK;
	d->tp->set_status(d, UC_VIRTIO_ACKNOWLEDGE | UC_VIRTIO_DRIVER_FOUND | ok |
				     UC_VIRTIO_DRIVER_OK);
}

int uc_virtio_read_config(struct uc_virtio_dev *d, unsigned off, void *buf, unsigned n)
{
	uint8_t *p = buf;
	unsigned step = 1;
	if (n > d->tp->config_len || off > d->tp->config_len - n)
		return -ERANGE;
	/* Fields are read at their own width; longer ranges are byte arrays or 64-bit fields. */
	if ((n == 2 || n == 4) && off % n == 0)
		step = n;
	else if (n == 8 && off % 4 == 0)
		step = 4;
	for (unsigned i = 0; i < n; i += step)
		d->tp->read_config(d, off + i, p + i, step);
	return 0;
}
