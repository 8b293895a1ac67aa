//! The worker's shell: JavaScript values in and out of the engine, nothing decided.

use js_sys::{Array, Float32Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::engine::{Buffer, Engine, Reply};
use crate::error::Error;
use crate::protocol::Command;

mod gpu_log;

/// The engine of one dedicated worker. The caller awaits each call before the next.
#[wasm_bindgen]
pub struct Pump {
    engine: Engine,
}

#[wasm_bindgen]
impl Pump {
    /// An engine without device or run.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        console_error_panic_hook::set_once();
        gpu_log::install();
        Self { engine: Engine::default() }
    }

    /// Answers a command `{type, …}` with `{event, buffers}`.
    pub async fn handle(&mut self, command: JsValue, buffer: Option<Uint8Array>) -> Result<JsValue, JsValue> {
        let reply = match serde_wasm_bindgen::from_value::<Command>(command) {
            Ok(command) => self.engine.handle(command, buffer.map(|b| b.to_vec()).as_deref()).await,
            Err(error) => Reply::from(&Error::setting("command", error.to_string())),
        };
        to_js(gpu_log::checked(reply))
    }

    /// Trains a little while playing and answers like `handle`.
    pub async fn tick(&mut self) -> Result<JsValue, JsValue> {
        let reply = self.engine.tick(js_now).await;
        to_js(gpu_log::checked(reply))
    }

    /// Whether the engine wants to be ticked.
    pub fn playing(&self) -> bool {
        self.engine.playing()
    }
}

impl Default for Pump {
    fn default() -> Self {
        Self::new()
    }
}

/// Milliseconds since the worker began.
fn js_now() -> f64 {
    let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
    scope.performance().map_or(0.0, |performance| performance.now())
}

fn to_js(reply: Reply) -> Result<JsValue, JsValue> {
    let buffers = Array::new();
    for buffer in &reply.buffers {
        match buffer {
            Buffer::F32(numbers) => buffers.push(&Float32Array::from(numbers.as_slice())),
            Buffer::Bytes(bytes) => buffers.push(&Uint8Array::from(bytes.as_slice())),
        };
    }
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    let event = serde::Serialize::serialize(&reply.event, &serializer)?;
    let object = Object::new();
    Reflect::set(&object, &"event".into(), &event)?;
    Reflect::set(&object, &"buffers".into(), &buffers)?;
    Ok(object.into())
}
