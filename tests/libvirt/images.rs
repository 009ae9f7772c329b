//! Volumes with images of a web server, and with compressed images. libvirt gets a volume only once its image is checked.

use crate::reconcile::Host;
use nixvirt_tests::libvirtd::virsh;
use nixvirt_tests::run;
use pretty_assertions::{assert_eq, assert_ne};
use serde_json::{Value, json};
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// In two parts, because the store also holds this file when the flake is tested.
const TOKEN: &str = concat!("zq4K", "t0ken");

/// A web server with one file, whose answer depends on the path: `/hangs` is never answered, `/slow` after a second, and `/cut` is
/// cut three times.
pub fn serve(file: Vec<u8>, cuts: &'static AtomicUsize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("it has one");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that goes away is tested.
            let _ = answer(&stream, &file, cuts);
        }
    });
    format!("http://{address}")
}

fn answer(mut stream: &TcpStream, file: &[u8], cuts: &AtomicUsize) -> io::Result<()> {
    let mut request = String::new();
    let mut reader = BufReader::new(stream);
    while !request.ends_with("\r\n\r\n") {
        reader.read_line(&mut request)?;
    }
    if request.starts_with("GET /none") {
        return stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
    if request.starts_with("GET /slow") {
        thread::sleep(Duration::from_secs(1));
    }
    if request.starts_with("GET /hangs") {
        let held = stream.try_clone()?;
        thread::spawn(move || {
            thread::sleep(Duration::from_secs(20));
            drop(held);
        });
        return Ok(());
    }
    let begin =
        request.split_once("Range: bytes=").and_then(|(_, rest)| rest.split('-').next()?.parse().ok()).unwrap_or(0);
    let status = if begin > 0 { "206 Partial Content" } else { "200 OK" };
    let (rest, size) = (&file[begin..], file.len());
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nContent-Range: bytes {begin}-{}/{size}\r\nConnection: close\r\n\r\n",
        rest.len(),
        size - 1
    )?;
    let is_cut = request.starts_with("GET /cut") && cuts.fetch_add(1, Ordering::Relaxed) < 3;
    stream.write_all(if is_cut { &rest[..rest.len() / 2] } else { rest })
}

/// What a command prints of a file.
fn packed(command: &str, path: &str) -> Vec<u8> {
    let output = Command::new(command).args(["-c", path]).output().expect("the command is there");
    assert!(output.status.success(), "{command}");
    output.stdout
}

pub fn hash(path: &str) -> String {
    format!("sha256:{}", run(Command::new("sha256sum").arg(path)).stdout.split(' ').next().unwrap_or_default())
}

#[test]
fn images_are_checked_before_libvirt_has_them() {
    let host = Host::new();
    let path = |name: &str| host.path(name);
    let image: Vec<u8> = (0..1_u32 << 19).flat_map(u32::to_be_bytes).collect();
    fs::write(path("image"), &image).expect("a writable folder");
    fs::write(path("zeros"), vec![0; 64 << 20]).expect("a writable folder");
    for (name, bytes) in [
        ("image.xz", packed("xz", &path("image"))),
        ("image.gz", packed("gzip", &path("image"))),
        ("bomb.gz", packed("gzip", &path("zeros"))),
    ] {
        fs::write(path(name), bytes).expect("a writable folder");
    }
    let xz = fs::read(path("image.xz")).expect("a file");
    let gzip = fs::read(path("image.gz")).expect("a file");
    let mut hurt = xz.clone();
    hurt[xz.len() / 2] ^= 1;
    for (name, bytes) in
        [("short.xz", &xz[..xz.len() - 40]), ("short.gz", &gzip[..gzip.len() - 40]), ("hurt.xz", &hurt[..])]
    {
        fs::write(path(name), bytes).expect("a writable folder");
    }
    static CUTS: AtomicUsize = AtomicUsize::new(0);
    let server = serve(xz, &CUTS);
    let (right, wrong) = (hash(&path("image.xz")), hash(&path("image.gz")));
    let download =
        |at: &str, hash: &str| json!({ "download": { "url": format!("{server}/{at}?token={TOKEN}"), "hash": hash } });

    let good = [
        ("resumed", download("cut", &right)),
        ("again", download("image", &right)),
        ("xz", json!({ "file": path("image.xz") })),
        ("gzip", json!({ "file": path("image.gz") })),
    ];
    let bad = [
        ("another", download("image", &wrong), "has another hash: expected sha256-"),
        ("silent", download("hangs", &wrong.replace("sha256:", "sha256:00")[..71]), "Operation too slow"),
        ("missing", download("none", &format!("sha256:{}", "0".repeat(64))), "404"),
        ("short", json!({ "file": path("short.xz") }), "short.xz: the file ends too early"),
        ("cut-gzip", json!({ "file": path("short.gz") }), "short.gz: the file ends too early"),
        ("hurt", json!({ "file": path("hurt.xz") }), "hurt.xz: the file is damaged: "),
        ("bomb", json!({ "file": path("bomb.gz") }), "it unpacks to more than the"),
        ("no-hash", download("image", "sha256:12"), "invalid hash \"sha256:12\""),
    ];
    let volume = |(name, content): (&str, &Value)| {
        let xml = format!(
            "<volume><name>{name}</name><capacity unit='MiB'>3</capacity><target><format type='raw'/></target></volume>"
        );
        json!({ "xml": xml, "content": content })
    };
    let declared = |volumes: Vec<Value>| {
        let pool = format!("<pool type='dir'><name>images</name><target><path>{}</path></target></pool>", path("pool"));
        json!({ "pools": [{ "xml": pool, "active": true, "volumes": volumes }] })
    };
    let of_good = || good.iter().map(|(name, content)| volume((name, content)));
    let of_bad = bad.iter().map(|(name, content, _)| volume((name, content)));
    let run = host.nixvirt_with("apply", &["--timeout", "2"], &declared(of_good().chain(of_bad).collect()));
    assert_ne!(run.code, 0, "{}", run.said);
    for (name, _, expected) in &bad {
        assert!(run.said.contains(expected), "{name} says {expected}: {}", run.said);
        assert!(!fs::exists(path(&format!("pool/{name}"))).expect("it can be asked"), "{name} is not made");
    }
    for (name, _) in &good {
        let mut bytes =
            fs::read(path(&format!("pool/{name}"))).unwrap_or_else(|why| panic!("{name}: {why}: {}", run.said));
        assert_eq!(bytes.len(), 3 << 20, "{name}");
        bytes.truncate(image.len());
        assert!(bytes == image, "{name} has the image");
    }
    assert_eq!(CUTS.load(Ordering::Relaxed), 4, "the download is resumed until it is complete");
    assert!(!run.said.contains(TOKEN), "{}", run.said);

    // What was downloaded is left neither in the state directory nor in libvirt.
    host.apply(&declared(of_good().collect()));
    let left = Command::new("find").args([&path("state"), "-size", "+64k"]).output().expect("find runs");
    assert_eq!(String::from_utf8_lossy(&left.stdout), "");
    assert!(!virsh(&["vol-list", "images"]).contains("unpacked"));
    host.apply(&json!({ "pools": [] }));
}

/// An image in another format than its volume is converted by libvirt, and nothing of it is left.
#[test]
fn images_are_converted() {
    let host = Host::new();
    let path = |name: &str| host.path(name);
    let bytes: Vec<u8> = (0..1_u32 << 18).flat_map(u32::to_be_bytes).collect();
    fs::write(path("image.raw"), &bytes).expect("a writable folder");
    let qemu_img = |arguments: &[&str]| {
        let outcome = run(Command::new("qemu-img").args(arguments));
        assert!(outcome.succeeded, "{}{}", outcome.stdout, outcome.stderr);
    };
    qemu_img(&["convert", "-f", "raw", "-O", "qcow2", &path("image.raw"), &path("image.qcow2")]);
    qemu_img(&["create", "-q", "-f", "qcow2", "-b", &path("image.raw"), "-F", "raw", &path("overlay.qcow2")]);
    fs::write(path("image.qcow2.xz"), packed("xz", &path("image.qcow2"))).expect("a writable folder");
    let volume = |name: &str, file: &str| {
        let format = name.rsplit('.').next().unwrap_or_default();
        let xml = format!(
            "<volume><name>{name}</name><capacity unit='MiB'>3</capacity>
               <target><format type='{format}'/><permissions><mode>0640</mode></permissions></target></volume>"
        );
        json!({ "xml": xml, "content": { "file": path(file) } })
    };
    let declared = |volumes: Vec<Value>| {
        let pool = format!("<pool type='dir'><name>images</name><target><path>{}</path></target></pool>", path("pool"));
        json!({ "pools": [{ "xml": pool, "active": true, "volumes": volumes }] })
    };
    let good = [("a.raw", "image.qcow2"), ("b.qcow2", "image.raw"), ("c.raw", "image.qcow2.xz")];
    let good: Vec<_> = good.iter().map(|(name, file)| volume(name, file)).collect();
    // A killed run has left this.
    fs::create_dir_all(path("pool")).expect("a writable folder");
    fs::write(path("pool/.nixvirt-image-a.raw"), "half").expect("a writable folder");
    host.apply(&declared(good.clone()));
    fs::write(path("grown.raw"), [&bytes[..], &vec![0; 2 << 20]].concat()).expect("a writable folder");
    for name in ["a.raw", "b.qcow2", "c.raw"] {
        let file = path(&format!("pool/{name}"));
        let format = name.rsplit('.').next().unwrap_or_default();
        qemu_img(&["compare", "-f", "raw", "-F", format, &path("grown.raw"), &file]);
        assert_eq!(fs::metadata(&file).expect("a volume").permissions().mode() & 0o777, 0o640, "{name}");
    }
    let said =
        host.nixvirt("apply", &declared([good, vec![volume("d.raw", "overlay.qcow2")]].concat())).is(1).said.clone();
    assert!(said.contains("overlay.qcow2 needs another file: a backing image or a data file"), "{said}");
    let left = run(Command::new("ls").args(["-A", &path("pool")])).stdout;
    assert!(!left.contains(".nixvirt-image"), "{left}");
    host.apply(&json!({ "pools": [] }));
}
