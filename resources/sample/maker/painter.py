"""Draws vehicles into a picture: rays are followed from the camera until they meet the body."""

import numpy as np
from numpy.typing import NDArray

from maker.bodies import Array, Body, solid
from maker.shading import Light, shade, smooth
from maker.traffic import HEIGHT, WIDTH, Camera, Vehicle

STEPS = 96
CLOSE = 0.006


def rays(camera: Camera, left: int, top: int, right: int, bottom: int, scale: float) -> Array:
    """Unit directions of the rays through a rectangle of a picture that is `scale` times the frame's size."""
    u = (np.arange(left, right) + 0.5) / scale - WIDTH / 2
    v = HEIGHT / 2 - (np.arange(top, bottom) + 0.5) / scale
    across, above, view = (np.array(axis) for axis in camera.axes())
    out = u[None, :, None] * across + v[:, None, None] * above + camera.focal * view
    out /= np.sqrt((out * out).sum(axis=2, keepdims=True))
    return np.asarray(out, np.float32)


def paint_vehicle(picture: Array, vehicle: Vehicle, time: float, light: Light, scale: float) -> None:
    """Draw the vehicle into `picture` (`scale` times the frame's size), in place."""
    x, y, width, height = vehicle.box(time)
    margin = 14
    left, top = max(int((x - margin) * scale), 0), max(int((y - margin) * scale), 0)
    right = min(int((x + width + margin) * scale), picture.shape[1])
    bottom = min(int((y + height + margin) * scale), picture.shape[0])
    beams = rays(vehicle.camera, left, top, right, bottom, scale)
    origin, ray = _into_vehicle(vehicle, time, beams.reshape(-1, 3))
    body = vehicle.body
    reached, met = _follow(body, origin, ray)
    at = origin + ray[met] * reached[met][:, None]
    normal = _normals(body, at)
    colours = shade(
        body, vehicle.camera.approaching, vehicle.paint, vehicle.height, at, normal, ray[met], light
    )
    patch = picture[top:bottom, left:right].reshape(-1, 3)
    patch[met] = colours
    picture[top:bottom, left:right] = patch.reshape(bottom - top, right - left, 3)


def _into_vehicle(vehicle: Vehicle, time: float, beams: Array) -> tuple[Array, Array]:
    """The camera's place and the rays, in vehicle coordinates (x, y, d)."""
    post = vehicle.camera.post
    ahead = np.radians(vehicle.lean)
    c, s = np.float32(np.cos(ahead)), np.float32(np.sin(ahead))
    x, d = post[0] - vehicle.across(time), post[2] - vehicle.depth(time)
    bx, by, bz = beams.T
    origin = np.array((x * c + d * s, post[1], d * c - x * s), np.float32)
    ray = np.stack((bx * c + bz * s, by, bz * c - bx * s), axis=1)
    return origin, np.asarray(ray, np.float32)


def _follow(body: Body, origin: Array, ray: Array) -> tuple[Array, NDArray[np.bool_]]:
    """How far (m) each ray goes, and whether it meets the body."""
    far = np.float32(-origin[2] + body.length + 1.5)
    gone = np.full(len(ray), max(-origin[2] - 0.8, 0.1), np.float32)
    met = np.zeros(len(ray), bool)
    active = np.arange(len(ray))
    for _ in range(STEPS):
        at = origin + ray[active] * gone[active][:, None]
        step = solid(body, at[:, 0], at[:, 1], at[:, 2])
        arrived = step < CLOSE
        met[active[arrived]] = True
        gone[active] += np.where(arrived, 0, step * 0.92).astype(np.float32)
        active = active[~arrived & (gone[active] < far * 1.25)]
        if not len(active):
            break
    return gone, met


def _normals(body: Body, at: Array) -> Array:
    """Unit normals of the body at points on it."""
    tiny = np.float32(0.006)
    here = solid(body, at[:, 0], at[:, 1], at[:, 2])
    slopes = []
    for axis in range(3):
        moved = at.copy()
        moved[:, axis] += tiny
        slopes.append(solid(body, moved[:, 0], moved[:, 1], moved[:, 2]) - here)
    normal = np.stack(slopes, axis=1)
    return np.asarray(normal / np.sqrt((normal * normal).sum(axis=1, keepdims=True) + 1e-12), np.float32)


def shadow(vehicle: Vehicle, time: float, x: Array, z: Array, daylight: float) -> Array:
    """How much light (0..1) reaches the road at (x, z) beside and under the vehicle."""
    body = vehicle.body
    middle = vehicle.depth(time) + body.length / 2
    dx = np.abs(x - vehicle.across(time) - 0.18 * daylight) - body.half_width + 0.12
    dz = np.abs(z - middle) - body.length / 2 + 0.15
    outside = np.sqrt(np.maximum(dx, 0) ** 2 + np.maximum(dz, 0) ** 2) + np.minimum(np.maximum(dx, dz), 0)
    return 1 - 0.86 * smooth(0.75, -0.30, np.asarray(outside, np.float32)) ** 2


def head_light(vehicle: Vehicle, time: float, x: Array, z: Array) -> Array:
    """How much of its head lamps' light (0..1) falls on the road at (x, z), towards the camera."""
    ahead = vehicle.depth(time) - z
    spread = 0.9 + 0.22 * np.maximum(ahead, 0)
    beside = (x - vehicle.across(time)) / spread
    reach = smooth(-0.1, 1.8, ahead) * np.exp(-np.maximum(ahead, 0) / 5.0)
    return np.asarray(reach * np.exp(-beside * beside), np.float32)
