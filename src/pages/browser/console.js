/* Built by console/build.ts. Contains Preact:

The MIT License (MIT)

Copyright (c) 2015-present Jason Miller

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
*/
// \0rolldown/runtime.js
var __defProp = Object.defineProperty;
var __exportAll = (all, no_symbols) => {
	let target = {};
	for (var name in all) __defProp(target, name, {
		get: all[name],
		enumerable: true
	});
	if (!no_symbols) __defProp(target, Symbol.toStringTag, { value: "Module" });
	return target;
};
// node_modules/preact/dist/preact.mjs
var n;
var t$1;
var u$2;
var i$1;
var f$2;
var o$2;
var e$1;
var l$1;
var c$1;
var a$2;
var h$1 = Symbol.for("pv");
var p$1 = {};
var y$1 = [];
var v$1 = /^m(i|n|o|s|text|space)$/;
var w$1 = Array.isArray;
var d$1 = y$1.slice;
var _$1 = Object.assign;
function g$1(n) {
	n && n.parentNode && n.remove();
}
function b(n, t, r) {
	var u, i, f, o = _$1({}, n.props), e = arguments.length;
	for (f in t) "key" == f ? u = t[f] : "ref" == f && "function" != typeof n.type ? i = t[f] : o[f] = t[f];
	return e > 2 && (o.children = e > 3 ? d$1.call(arguments, 2) : r), m$1(n.type, o, void 0 !== u ? u : n.key, void 0 !== i ? i : n.ref, null);
}
function m$1(r, u, i, f, o) {
	var e = {
		type: r,
		props: u,
		key: i,
		ref: f,
		__k: null,
		__: null,
		__b: 0,
		__e: null,
		__c: null,
		constructor: h$1,
		__v: o || ++t$1,
		__i: -1,
		__u: 0
	};
	return !o && n.vnode && n.vnode(e), e;
}
function $(n) {
	return n.children;
}
function x(n, t) {
	this.props = n, this.context = t, this.__g = 0;
}
function S(n, t) {
	if (null == t) return n.__ && S(n.__, n.__i + 1);
	for (var r; t < n.__k.length; t++) if ((r = n.__k[t]) && r.__e) return r.__e;
	return "function" != typeof n.type || n.props.__P ? null : S(n);
}
function C$1(t) {
	var r, u = t.__v, i = u.__e, f = [], o = [], e = t.__P;
	e && ((r = _$1({ constructor: h$1 }, u)).__v = u.__v + 1, n.vnode && n.vnode(r), z$1(e, r, u, t.__n, e.namespaceURI, 32 & u.__u ? [i] : null, f, i || S(u), 32 & u.__u, o), r.__v = u.__v, r.__.__k[r.__i] = r, E$1(f, r, o), u.__ = u.__e = null, r.__e != i && j(r));
}
function j(n) {
	if ((n = n.__) && n.__c && !n.props.__P) return n.__e = null, n.__k.some(function(t) {
		return t && (n.__e = t.__e);
	}), j(n);
}
function L(t) {
	(8 & t.__g || (t.__g |= 8, u$2.push(t), f$2++)) && i$1 == n.debounceRendering || ((i$1 = n.debounceRendering) || queueMicrotask)(H);
}
function H() {
	try {
		for (var n, t = 1; u$2.length;) u$2.length > t && u$2.sort(o$2), n = u$2.shift(), t = u$2.length, 8 & n.__g && C$1(n);
	} finally {
		(f$2 = u$2.length) && (i$1 || queueMicrotask)(H);
	}
}
function I(n, t, r, u, i, f, o, e, l, c, a) {
	var s, h, v, w, d, _, g = u.__k || y$1, k = t.length;
	for (l = q(r, t, g, l, k), s = 0; s < k; s++) null != (v = r.__k[s]) && (h = ~v.__i && g[v.__i] || p$1, v.__i = s, _ = z$1(n, v, h, i, f, o, e, l, c, a), w = v.__e, (h.ref != v.ref || 8 & h.__u) && (h.ref && G$1(h.ref, null, v, h), v.ref && a.push(v.ref, v.__c || w, v)), d = d || w, 4 & v.__u ? (l = A$1(v, l, n, !h.__v), h.__e && (h.__e = null)) : "function" == typeof v.type && void 0 !== _ ? l = _ : w && (l = w.nextSibling), v.__u &= -21);
	return r.__e = d, l;
}
function q(n, t, r, u, i) {
	var f, o, e, l, c, a, s, p, y, v = r.length, d = v, _ = 0, g = 0, k = n.__k = Array(i);
	for (f = 0; f < i; f++) null != (o = t[f]) && "boolean" != typeof o && "function" != typeof o ? ("object" != typeof o || o.constructor === String ? o = k[f] = m$1(null, o) : w$1(o) ? o = k[f] = m$1($, { children: o }) : o.constructor === h$1 && o.__b ? o = k[f] = m$1(o.type, o.props, o.key, o.ref, o.__v) : k[f] = o, l = f + _, o.__ = n, o.__b = n.__b + 1, e = null, ~(c = o.__i = P$1(o, r, l, d)) && (d--, (e = r[c]) && (e.__u |= 2)), e && e.__v ? (o.__u |= 16, c == l - 1 ? _-- : c == l + 1 ? _++ : c != l && (c > l ? _-- : _++, g = 1)) : (~c || (i > v ? _-- : i < v && _++), "function" != typeof o.type && (o.__u |= 4))) : k[f] = null;
	if (g) {
		for (a = [], s = [], f = 0; f < i; f++) if ((o = k[f]) && 16 & o.__u) {
			for (_ = 0, p = a.length; _ < p;) a[y = _ + p >> 1] < o.__i ? _ = y + 1 : p = y;
			a[_] = o.__i, s[f] = _ + 1;
		}
		for (_ = a.length; f--;) s[f] && (s[f] == _ ? _-- : k[f].__u |= 4);
	}
	if (d) for (f = 0; f < v; f++) !(e = r[f]) || 2 & e.__u || (e.__e == u && (u = S(e)), J(e, e));
	return u;
}
function A$1(n, t, r, u) {
	var i, f, o, e;
	if ("function" == typeof n.type) {
		if (n.props.__P) return t;
		if (i = n.__k) for (f = 0; f < i.length; f++) i[f] && (i[f].__ = n, t = A$1(i[f], t, r, !1));
		return t;
	}
	for (t && !t.parentNode && (t = S(n)) && !t.parentNode && (t = null), o = n.__e, e = t; e && 8 == e.nodeType;) e = e.nextSibling;
	for (o != e && (!u && r.moveBefore && o.parentNode ? r.moveBefore(o, t) : r.insertBefore(o, t || null)), t = o; (t = t && t.nextSibling) && 8 == t.nodeType && !t.data.startsWith("$s"););
	return t;
}
function P$1(n, t, r, u) {
	var i, f = n.key, o = n.type, e = t[r], l = e && !(2 & e.__u);
	if (null === e && null == f || l && f == e.key && o == e.type) return r;
	if (u > (l ? 1 : 0)) {
		for (i = r - 1; i >= 0; i--) if ((e = t[i]) && !(2 & e.__u) && f == e.key && o == e.type) return i;
		for (i = r + 1; i < t.length; i++) if ((e = t[i]) && !(2 & e.__u) && f == e.key && o == e.type) return i;
	}
	return -1;
}
function T$1(n, t, r) {
	r ??= "", "-" == t[0] ? n.setProperty(t, r) : n[t] = r;
}
function N(n, t, r, u, i) {
	var f, o;
	if ("style" == t) if ("string" == typeof r) n.style.cssText = r;
	else {
		if ("string" == typeof u && (n.style.cssText = u = ""), u) for (t in u) r && t in r || T$1(n.style, t);
		if (r) for (t in r) u && r[t] == u[t] || T$1(n.style, t, r[t]);
	}
	else if ("o" == t[0] && "n" == t[1]) "function" != typeof r && (r = null), "function" != typeof u && (u = null), (n.__e || (n.__e = {}))[t] = r, r && u || (o = a$2[t] || (a$2[t] = V(t)), (n.__a || (n.__a = {}))[t] = c$1, f = t != (t = t.replace(l$1, "$1")), (t = t.slice(2))[0] < "a" && (t = t.toLowerCase()), r ? n.addEventListener(t, o, f) : n.removeEventListener(t, o, f));
	else {
		if ("http://www.w3.org/2000/svg" == i) t = t.replace(/xlink(H|:h)/, "h").replace(/sName$/, "s");
		else if ("width" != t && "height" != t && "href" != t && "list" != t && "form" != t && "tabIndex" != t && "download" != t && "rowSpan" != t && "colSpan" != t && "role" != t && "popover" != t && t in n) try {
			n[t] = null == r ? "" : r;
			return;
		} catch (n) {}
		if ("function" == typeof r) return;
		null == r || !1 === r && "-" != t[4] ? n.removeAttribute(t) : n.setAttribute(t, "popover" == t && 1 == r ? "" : r);
	}
}
function V(t) {
	return function(r) {
		var u = this.__e;
		if (u) {
			if (u = u[t], null == r[e$1]) r[e$1] = c$1++;
			else if (r[e$1] < this.__a[t]) return;
			return u(n.event ? n.event(r) : r);
		}
	};
}
function z$1(t, r, u, i, f, o, e, l, c, a) {
	var s, p, v, d, k, b, m, M, C, j, L, H, q, A, O, P, T, N, V = r.type;
	if (r.constructor !== h$1) return null;
	128 & u.__u && (c = 32 & u.__u, s = u.__c.__z) && (r.__u |= c, p = o = [], 8 == s.nodeType ? l = B$1(s, o) : o.push(s), l = o[0] || l), (s = n.__b) && s(r);
	n: if ("function" == typeof V) {
		v = e.length;
		try {
			if (M = r.props, C = (s = V.prototype) && s.render, j = (s = V.contextType) && i[s.__c], L = s ? j ? j.props.value : s.__ : i, (d = u.__c) ? (r.__c = d, 2 & d.__g && (d.__g |= 1)) : (C ? r.__c = d = new V(M, L) : (r.__c = d = new x(M, L), d.constructor = V, d.render = K), j && j.sub(d), d.state || (d.state = {}), d.__n = i, d.__g |= 8, d.__h = [], d.__k = []), C && (d.__s || (d.__s = d.state), V.getDerivedStateFromProps && (d.__s == d.state && (d.__s = _$1({}, d.__s)), _$1(d.__s, V.getDerivedStateFromProps(M, d.__s)))), k = d.props, b = d.state, d.__v = r, u.__c) {
				if (M !== k && C && !V.getDerivedStateFromProps && d.componentWillReceiveProps && d.componentWillReceiveProps(M, L), r.__v == u.__v && !(8 & d.__g) || !(4 & d.__g) && d.shouldComponentUpdate && !1 === d.shouldComponentUpdate(M, d.__s, L)) {
					r.__v != u.__v && (d.props = M, d.state = d.__s, d.__g &= -9), r.__e = u.__e, r.__k = u.__k, r.__k.some(function(n) {
						n && (n.__ = r);
					}), y$1.push.apply(d.__h, d.__k), d.__k = [], d.__h.length && e.push(d), l = S(u);
					break n;
				}
				d.componentWillUpdate && d.componentWillUpdate(M, d.__s, L), C && d.componentDidUpdate && d.__h.push(function() {
					d.componentDidUpdate(k, b, m);
				});
			} else C && !V.getDerivedStateFromProps && d.componentWillMount && d.componentWillMount(), C && d.componentDidMount && d.__h.push(d.componentDidMount);
			d.context = L, d.props = M, d.__P = t, d.__g &= -5, H = n.__r, q = C ? 25 : 0;
			do
				d.__g &= -9, H && H(r), s = d.render(d.props, d.state = d.__s, d.context);
			while (8 & d.__g && ++q < 25);
			C && (y$1.push.apply(d.__h, d.__k), d.__k = []), d.state = d.__s, d.getChildContext && (i = _$1({}, i, d.getChildContext())), C && u.__c && d.getSnapshotBeforeUpdate && (m = d.getSnapshotBeforeUpdate(k, b)), A = s && s.type === $ && null == s.key ? s.props.children : s, M.__P && (s = l, f = (t = M.__P).namespaceURI, c = o = null, u.props && u.props.__P != t && (u.__k.some(function(n) {
				n && J(n, n);
			}), u.__k = null), l = u.__k ? S(u, 0) : null), l = I(t, w$1(A) ? A : [A], r, u, i, f, o, e, l, c, a), M.__P && (r.__e = null, l = s), r.__u &= -161, p && p.some(g$1), d.__h.length && e.push(d), 1 & d.__g && (d.__g &= -4);
		} catch (t) {
			if (e.length = v, r.__v = null, c || o) if (t && t.then) {
				if (r.__u |= 128 | c, o) {
					for (~(T = o.indexOf(l || void 0)) || (T = o.length); (N = o[T - 1]) && 8 == N.nodeType;) T--;
					for (; T < o.length; T++) if (N = o[T]) if (o[T] = null, O) {
						if (N == P) break;
					} else {
						if (8 != N.nodeType) break;
						N.data.startsWith("$s") && (P = B$1(O = N));
					}
				}
				if (!O) {
					for (; l && 8 == l.nodeType && l.nextSibling;) l = l.nextSibling;
					O = l;
				}
				(s = B$1(O = r.__c.__z || (r.__c.__z = O))) ? (r.__e = O, l = s) : r.__e = l, l = l && l.nextSibling;
			} else o && o.some(g$1);
			else r.__e = u.__e;
			r.__k || (r.__k = u.__k || []), t && t.then || D$1(r), n.__e(t, r, u);
		}
	} else l = r.__e = F(u.__e, r, u, i, f, o, e, c, a, t);
	return (s = n.diffed) && s(r), l;
}
function B$1(n, t) {
	if (n && 8 == n.nodeType && n.data.startsWith("$s")) for (var r = 1; n = n.nextSibling;) {
		if (8 == n.nodeType) {
			if (n.data.startsWith("$s")) r++;
			else if (n.data.startsWith("/$s") && !--r) return n;
		}
		t && t.push(n);
	}
}
function D$1(n) {
	n && (n.__c && (n.__c.__g |= 4), n.__k && n.__k.some(D$1));
}
function E$1(t, r, u) {
	for (var i = 0; i < u.length;) G$1(u[i++], u[i++], u[i++]);
	n.__c && n.__c(r, t), t.some(function(r) {
		try {
			t = r.__h, r.__h = [], t.some(function(n) {
				n.call(r);
			});
		} catch (t) {
			n.__e(t, r.__v);
		}
	});
}
function F(t, r, u, i, f, o, e, l, c, a) {
	var s, h, y, _, k, b, m, M, $ = u.props || p$1, x = r.props, C = r.type;
	if ("svg" == C ? f = "http://www.w3.org/2000/svg" : "math" == C ? f = "http://www.w3.org/1998/Math/MathML" : f || (f = "http://www.w3.org/1999/xhtml"), o) {
		for (s = 0; s < o.length; s++) if ((k = o[s]) && (C ? k.localName == C : 3 == k.nodeType)) {
			t = k, o[s] = null;
			break;
		}
	}
	if (!t) {
		if (M = a.ownerDocument || document, !C) return M.createTextNode(x);
		t = M.createElementNS(f, C, x.is ? x : a), l && (n.__m && n.__m(r, o), l = !1), o = null;
	}
	if (C) {
		if (a = "template" == C && t.content || t, o = "textarea" == C && null != x.defaultValue ? null : o && d$1.call(a.childNodes), !l && o) for ($ = {}, s = 0; s < t.attributes.length; s++) $[(k = t.attributes[s]).name] = k.value;
		for (s in $) k = $[s], "dangerouslySetInnerHTML" == s ? y = k : "children" == s || s in x || "value" == s && "defaultValue" in x || "checked" == s && "defaultChecked" in x || N(t, s, null, k, f);
		for (s in x) k = x[s], "children" == s ? _ = k : "dangerouslySetInnerHTML" == s ? h = k : "value" == s ? b = k : "checked" == s ? m = k : l && "function" != typeof k || $[s] === k || N(t, s, k, $[s], f);
		h ? (l || y && (h.__html == y.__html || h.__html == t.innerHTML) || (t.innerHTML = h.__html), r.__k = []) : (y && (t.textContent = ""), ("foreignObject" == C || "http://www.w3.org/1998/Math/MathML" == f && v$1.test(C)) && (f = "http://www.w3.org/1999/xhtml"), I(a, w$1(_) ? _ : [_], r, u, i, f, o, e, o ? o[0] : u.__k && S(u, 0), l, c), o && o.some(g$1)), l && "textarea" != C || (s = "value", "progress" == C && null == b ? t.removeAttribute(s) : null == b || b === t[s] && ("progress" != C || b) || N(t, s, b, $[s], f), s = "checked", null != m && m != t[s] && N(t, s, m, $[s], f));
	} else $ === x || l && t.data == x || (t.data = x);
	return t;
}
function G$1(t, r, u, i) {
	try {
		"function" == typeof t ? r ? r.__x = t(r) || 1 : i && (i = i.__c || i.__e) && (r = i.__x) && (i.__x = null, "function" == typeof r ? r() : t(null)) : t.current = r;
	} catch (t) {
		n.__e(t, u);
	}
}
function J(t, r, u) {
	var i, f, o, e;
	if (n.unmount && n.unmount(t), !(i = t.ref) || i.current && i.current != t.__e || G$1(i, null, r, t), i = t.__c) {
		if (i.componentWillUnmount) try {
			i.componentWillUnmount();
		} catch (t) {
			n.__e(t, r);
		}
		i.__P = i.__n = null;
	}
	if (i = t.__k) for (e = 0; e < i.length; e++) i[e] && J(i[e], r, "function" != typeof t.type || u && !t.props.__P);
	!u && (i = t.__c) && (i = i.__z) && (f = B$1(i, o = [])) && (i == t.__e && o.some(g$1), g$1(f), g$1(i)), u || g$1(t.__e), t.__e = t.__c = t.__ = null;
}
function K(n, t, r) {
	return this.constructor(n, r);
}
function Q(t, r) {
	var u, i, f, o;
	n.__ && n.__(t, r), 9 == r.nodeType && (r = r.documentElement), i = (u = t && 32 & t.__u) ? null : r.__k, r.__k = m$1($, { children: [t] }), f = [], o = [], z$1(r, r.__k, i || p$1, p$1, r.namespaceURI, i ? null : r.firstChild ? d$1.call(r.childNodes) : null, f, i ? i.__e : r.firstChild, u, o), E$1(f, r.__k, o), r.__k.props.children = null;
}
n = { __e: function(n, t, r, u) {
	for (var i, o, e; t = t.__;) if ((i = t.__c) && !(1 & i.__g)) {
		i.__g |= 4;
		try {
			if ((e = (o = i.constructor) && o.getDerivedStateFromError) && i.setState(o.getDerivedStateFromError(n)), i.componentDidCatch && (i.componentDidCatch(n, u || {}), e = 1), e && 8 & i.__g) return void (i.__g |= 2);
		} catch (t) {
			n = t;
		}
	}
	throw f$2 = 0, n;
} }, t$1 = 0, x.prototype.setState = function(n, t) {
	var r = this.__s;
	r && r != this.state || (r = this.__s = _$1({}, this.state)), "function" == typeof n && (n = n(_$1({}, r), this.props)), n && (_$1(r, n), this.__v && (t && this.__k.push(t), L(this)));
}, x.prototype.forceUpdate = function(n) {
	this.__v && (this.__g |= 4, n && this.__h.push(n), L(this));
}, x.prototype.render = $, u$2 = [], f$2 = 0, o$2 = function(n, t) {
	return n.__v.__b - t.__v.__b;
}, e$1 = Symbol(), l$1 = /(PointerCapture)$|Capture$/i, c$1 = 0, a$2 = {};
// node_modules/preact/hooks/dist/hooks.mjs
var t;
var r;
var u$1;
var i;
var o$1 = Object.is;
var f$1 = 0;
var c = [];
var e = [];
var a$1 = n;
var v = a$1.__b;
var l = a$1.__r;
var m = a$1.diffed;
var h = a$1.__c;
var s = a$1.unmount;
var p = a$1.__;
function y(n, t) {
	a$1.__h && a$1.__h(r, n, f$1 || t), f$1 = 0;
	var u = r.__H || (r.__H = {
		__: [],
		__h: []
	});
	return n >= u.__.length && u.__.push({}), u.__[n];
}
function d(n) {
	return f$1 = 1, _(G, n);
}
function _(n, u, i) {
	var f = y(t++, 2);
	if (f.t = n, !f.__c && (f.__ = [i ? i(u) : G(void 0, u), function(n) {
		var t = (f.__N || f.__)[0], r = f.t(t, n);
		o$1(t, r) || (f.__N = [r, f.__[1]], f.__c.setState({}));
	}], f.__c = r, !r.__f)) {
		r.__f = !0;
		var c = r.shouldComponentUpdate;
		r.shouldComponentUpdate = function(n, t, r) {
			var u = this.__H;
			if (!u) return !0;
			var i = !1, f = this.props != n;
			if (u.__.some(function(n) {
				n.__N && (i = !0, o$1(n.__[0], n.__N[0]) || (f = !0));
			}), c) {
				var e = c.call(this, n, t, r);
				return i ? e || f : e;
			}
			return !i || f;
		};
	}
	return f.__;
}
function A(n, u) {
	var i = y(t++, 3);
	!a$1.__s && E(i.__H, u) && (i.__P = !0, i.__ = n, i.u = u, r.__H.__h.push(i));
}
function T(n) {
	return f$1 = 5, w(function() {
		return { current: n };
	}, []);
}
function w(n, r) {
	var u = y(t++, 7);
	return E(u.__H, r) && (u.__ = n(), u.__H = r), u.__;
}
function P() {
	var n = y(t++, 11);
	if (!n.__) {
		for (var u = r.__v; !u.__m && u.__;) u = u.__;
		var i = u.__m || (u.__m = [0, 0]);
		n.__ = "P" + i[0] + "-" + i[1]++;
	}
	return n.__;
}
function g() {
	var n;
	do {
		for (; n = e.shift();) try {
			C(n);
		} catch (t) {
			a$1.__e(t, { __: (n = n.__P) && n.__v });
		}
		for (; n = c.shift();) {
			var t = n.__H;
			if (n.__P && t) try {
				t.__h.some(C), t.__h.some(D), t.__h = [];
			} catch (r) {
				t.__h = [], a$1.__e(r, n.__v);
			}
		}
	} while (e.length);
}
a$1.__b = function(n) {
	r = null, v && v(n);
}, a$1.__ = function(n, t) {
	n && t.__k && t.__k.__m && (n.__m = t.__k.__m), p && p(n, t);
}, a$1.__r = function(n) {
	l && l(n), t = 0;
	var i = (r = n.__c).__H;
	i && (u$1 == r ? r.__h = [] : (i.__h.some(C), i.__h.some(D), t = 0), i.__h = [], i.__.some(function(n) {
		n.__N && (n.__ = n.__N), n.u = n.__N = void 0;
	})), u$1 = r;
}, a$1.diffed = function(n) {
	m && m(n);
	var t = n.__c;
	t && t.__H && (t.__H.__h.length && B(c.push(t)), t.__H.__.some(function(n) {
		n.u && (n.__H = n.u);
	})), u$1 = r = null;
}, a$1.__c = function(n, t) {
	t.some(function(n) {
		try {
			n.__h.some(C), n.__h = n.__h.filter(function(n) {
				return !n.__ || D(n);
			});
		} catch (t) {
			n.__h = [function() {
				throw t;
			}];
		}
	}), h && h(n, t);
}, a$1.unmount = function(n) {
	s && s(n);
	var t, r, u = n.__c;
	u && u.__H && (u.__H.__.some(function(u) {
		try {
			if (u.__P && u.__c) {
				if (void 0 === r) {
					for (r = n.__; r && (!r.__c || !r.__c.__P);) r = r.__;
					r = r && r.__c;
				}
				u.__P = r, B(e.push(u));
			} else C(u);
		} catch (n) {
			t = n;
		}
	}), u.__H = void 0, t && a$1.__e(t, u.__v));
};
var k = "function" == typeof requestAnimationFrame;
function z(n) {
	var t, r = function() {
		clearTimeout(u), k && cancelAnimationFrame(t), setTimeout(n);
	}, u = setTimeout(r, 35);
	k && (t = requestAnimationFrame(r));
}
function B(n) {
	1 != n && i == a$1.requestAnimationFrame || ((i = a$1.requestAnimationFrame) || z)(g);
}
function C(n) {
	var t = r, u = n.__c;
	"function" == typeof u && (n.__c = void 0, u()), r = t;
}
function D(n) {
	var t = r;
	n.__c = n.__(), r = t;
}
function E(n, t) {
	return !n || n.length != t.length || t.some(function(t, r) {
		return !o$1(t, n[r]);
	});
}
function G(n, t) {
	return "function" == typeof t ? t(n) : t;
}
// client/generated/graphql.ts
var graphql_exports = __exportAll({
	AccountFragmentDoc: () => AccountFragmentDoc,
	ApiKeysDocument: () => ApiKeysDocument,
	AuditLogsDocument: () => AuditLogsDocument,
	ChallengeFragmentDoc: () => ChallengeFragmentDoc,
	ChangeEmailDocument: () => ChangeEmailDocument,
	ChangePasswordDocument: () => ChangePasswordDocument,
	ConfirmEmailChangeDocument: () => ConfirmEmailChangeDocument,
	ConfirmTotpDocument: () => ConfirmTotpDocument,
	CreateApiKeyDocument: () => CreateApiKeyDocument,
	CreateUserDocument: () => CreateUserDocument,
	CreateWebhookDocument: () => CreateWebhookDocument,
	DeleteMyAccountDocument: () => DeleteMyAccountDocument,
	DeleteUserDocument: () => DeleteUserDocument,
	DeleteWebhookDocument: () => DeleteWebhookDocument,
	DisableUserDocument: () => DisableUserDocument,
	EnableUserDocument: () => EnableUserDocument,
	EnrollTotpDocument: () => EnrollTotpDocument,
	EnrolledFragmentDoc: () => EnrolledFragmentDoc,
	EventCountsDocument: () => EventCountsDocument,
	ExportMyDataDocument: () => ExportMyDataDocument,
	FactorsDocument: () => FactorsDocument,
	ForgotPasswordDocument: () => ForgotPasswordDocument,
	KeyFragmentDoc: () => KeyFragmentDoc,
	LoginDocument: () => LoginDocument,
	LogoutDocument: () => LogoutDocument,
	ManagedFragmentDoc: () => ManagedFragmentDoc,
	MeDocument: () => MeDocument,
	OutboxDocument: () => OutboxDocument,
	PasskeyFactorOptionsDocument: () => PasskeyFactorOptionsDocument,
	PasskeyFieldsFragmentDoc: () => PasskeyFieldsFragmentDoc,
	PasskeyListFieldsFragmentDoc: () => PasskeyListFieldsFragmentDoc,
	PasskeyRegistrationOptionsDocument: () => PasskeyRegistrationOptionsDocument,
	PasskeySignInOptionsDocument: () => PasskeySignInOptionsDocument,
	PasskeyStepUpOptionsDocument: () => PasskeyStepUpOptionsDocument,
	PasskeysDocument: () => PasskeysDocument,
	RedeliverDocument: () => RedeliverDocument,
	RefreshTokensDocument: () => RefreshTokensDocument,
	RegisterDocument: () => RegisterDocument,
	RegisterPasskeyDocument: () => RegisterPasskeyDocument,
	RemovePasskeyDocument: () => RemovePasskeyDocument,
	RemoveTotpDocument: () => RemoveTotpDocument,
	RemoveTrustedDeviceDocument: () => RemoveTrustedDeviceDocument,
	RenamePasskeyDocument: () => RenamePasskeyDocument,
	RenewRecoveryCodesDocument: () => RenewRecoveryCodesDocument,
	RequestOtpDocument: () => RequestOtpDocument,
	RequestStepUpDocument: () => RequestStepUpDocument,
	ResetPasswordDocument: () => ResetPasswordDocument,
	ResetUserFactorsDocument: () => ResetUserFactorsDocument,
	RevokeApiKeyDocument: () => RevokeApiKeyDocument,
	RevokeOtherSessionsDocument: () => RevokeOtherSessionsDocument,
	RevokeSessionDocument: () => RevokeSessionDocument,
	RevokeUserSessionsDocument: () => RevokeUserSessionsDocument,
	RotateWebhookSecretDocument: () => RotateWebhookSecretDocument,
	SessionsDocument: () => SessionsDocument,
	SetUserMetadataDocument: () => SetUserMetadataDocument,
	SetUserRoleDocument: () => SetUserRoleDocument,
	SignInWithPasskeyDocument: () => SignInWithPasskeyDocument,
	SignedInFragmentDoc: () => SignedInFragmentDoc,
	SigningKeysDocument: () => SigningKeysDocument,
	StepUpDocument: () => StepUpDocument,
	TrustedDevicesDocument: () => TrustedDevicesDocument,
	TypedDocumentString: () => TypedDocumentString,
	UndoEmailChangeDocument: () => UndoEmailChangeDocument,
	UndoFactorChangeDocument: () => UndoFactorChangeDocument,
	UnlockUserDocument: () => UnlockUserDocument,
	UpdateProfileDocument: () => UpdateProfileDocument,
	UpdateWebhookDocument: () => UpdateWebhookDocument,
	UserDocument: () => UserDocument,
	UsersDocument: () => UsersDocument,
	VerifyFactorDocument: () => VerifyFactorDocument,
	VerifyOtpDocument: () => VerifyOtpDocument,
	WebhookDeliveriesDocument: () => WebhookDeliveriesDocument,
	WebhookDeliveryFieldsFragmentDoc: () => WebhookDeliveryFieldsFragmentDoc,
	WebhookFieldsFragmentDoc: () => WebhookFieldsFragmentDoc,
	WebhooksDocument: () => WebhooksDocument
});
var TypedDocumentString = class extends String {
	__apiType;
	value;
	__meta__;
	constructor(value, __meta__) {
		super(value);
		this.value = value;
		this.__meta__ = __meta__;
	}
	toString() {
		return this.value;
	}
};
const KeyFragmentDoc = new TypedDocumentString(`
    fragment Key on ApiKey {
  id
  name
  scope
  start
  createdAt
  createdBy
  expiresAt
  lastUsedAt
}
    `, { "fragmentName": "Key" });
const EnrolledFragmentDoc = new TypedDocumentString(`
    fragment Enrolled on EnrolledFactor {
  detail
  recoveryCodes
}
    `, { "fragmentName": "Enrolled" });
const PasskeyFieldsFragmentDoc = new TypedDocumentString(`
    fragment PasskeyFields on Passkey {
  id
  credentialId
  name
  createdAt
  lastUsedAt
  backedUp
}
    `, { "fragmentName": "PasskeyFields" });
const PasskeyListFieldsFragmentDoc = new TypedDocumentString(`
    fragment PasskeyListFields on PasskeyList {
  rpId
  userId
  passkeys {
    ...PasskeyFields
  }
}
    fragment PasskeyFields on Passkey {
  id
  credentialId
  name
  createdAt
  lastUsedAt
  backedUp
}`, { "fragmentName": "PasskeyListFields" });
const ChallengeFragmentDoc = new TypedDocumentString(`
    fragment Challenge on OtpChallenge {
  detail
  expiresIn
  challengeId
}
    `, { "fragmentName": "Challenge" });
const AccountFragmentDoc = new TypedDocumentString(`
    fragment Account on User {
  id
  email
  emailVerified
  hasPassword
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
}
    `, { "fragmentName": "Account" });
const SignedInFragmentDoc = new TypedDocumentString(`
    fragment SignedIn on AuthPayload {
  accessToken
  refreshToken
  tokenType
  expiresIn
  user {
    ...Account
  }
}
    fragment Account on User {
  id
  email
  emailVerified
  hasPassword
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
}`, { "fragmentName": "SignedIn" });
const ManagedFragmentDoc = new TypedDocumentString(`
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}
    `, { "fragmentName": "Managed" });
const WebhookFieldsFragmentDoc = new TypedDocumentString(`
    fragment WebhookFields on Webhook {
  id
  url
  description
  events
  createdAt
  failingSince
  disabledAt
}
    `, { "fragmentName": "WebhookFields" });
const WebhookDeliveryFieldsFragmentDoc = new TypedDocumentString(`
    fragment WebhookDeliveryFields on WebhookDelivery {
  id
  webhookId
  messageId
  type
  status
  attempts
  createdAt
  attemptedAt
  dueAt
  endedAt
  lastError
}
    `, { "fragmentName": "WebhookDeliveryFields" });
const RegisterDocument = new TypedDocumentString(`
    mutation Register($input: RegisterInput!) {
  register(input: $input) {
    ...Challenge
  }
}
    fragment Challenge on OtpChallenge {
  detail
  expiresIn
  challengeId
}`);
const UpdateProfileDocument = new TypedDocumentString(`
    mutation UpdateProfile($input: UpdateProfileInput!) {
  updateProfile(input: $input) {
    ...Account
  }
}
    fragment Account on User {
  id
  email
  emailVerified
  hasPassword
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
}`);
const MeDocument = new TypedDocumentString(`
    query Me {
  me {
    ...Account
  }
}
    fragment Account on User {
  id
  email
  emailVerified
  hasPassword
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
}`);
const ApiKeysDocument = new TypedDocumentString(`
    query ApiKeys {
  apiKeys {
    ...Key
  }
}
    fragment Key on ApiKey {
  id
  name
  scope
  start
  createdAt
  createdBy
  expiresAt
  lastUsedAt
}`);
const CreateApiKeyDocument = new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    id
    name
    scope
    start
    createdAt
    createdBy
    expiresAt
    lastUsedAt
    key
  }
}
    `);
const RevokeApiKeyDocument = new TypedDocumentString(`
    mutation RevokeApiKey($input: RevokeApiKeyInput!) {
  revokeApiKey(input: $input) {
    detail
  }
}
    `);
const AuditLogsDocument = new TypedDocumentString(`
    query AuditLogs($first: Int, $after: String, $last: Int, $before: String, $offset: Int, $filter: AuditLogFilter, $withTotalCount: Boolean! = false) {
  auditLogs(
    first: $first
    after: $after
    last: $last
    before: $before
    offset: $offset
    filter: $filter
  ) {
    edges {
      cursor
      node {
        id
        event
        email
        ipAddress
        userAgent
        metadata
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
    totalCount @include(if: $withTotalCount)
    totalCountCapped @include(if: $withTotalCount)
  }
}
    `);
const VerifyFactorDocument = new TypedDocumentString(`
    mutation VerifyFactor($input: VerifyFactorInput!) {
  verifyFactor(input: $input) {
    ...SignedIn
  }
}
    fragment Account on User {
  id
  email
  emailVerified
  hasPassword
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
}
fragment SignedIn on AuthPayload {
  accessToken
  refreshToken
  tokenType
  expiresIn
  user {
    ...Account
  }
}`);
const FactorsDocument = new TypedDocumentString(`
    query Factors {
  factors {
    kinds
    recoveryCodesLeft
  }
}
    `);
const EnrollTotpDocument = new TypedDocumentString(`
    mutation EnrollTotp {
  enrollTotp {
    secret
    uri
    qrCode
    expiresIn
  }
}
    `);
const ConfirmTotpDocument = new TypedDocumentString(`
    mutation ConfirmTotp($input: ConfirmTotpInput!) {
  confirmTotp(input: $input) {
    ...Enrolled
  }
}
    fragment Enrolled on EnrolledFactor {
  detail
  recoveryCodes
}`);
const RemoveTotpDocument = new TypedDocumentString(`
    mutation RemoveTotp {
  removeTotp {
    detail
  }
}
    `);
const RenewRecoveryCodesDocument = new TypedDocumentString(`
    mutation RenewRecoveryCodes {
  renewRecoveryCodes {
    ...Enrolled
  }
}
    fragment Enrolled on EnrolledFactor {
  detail
  recoveryCodes
}`);
const UndoFactorChangeDocument = new TypedDocumentString(`
    mutation UndoFactorChange($input: UndoFactorChangeInput!) {
  undoFactorChange(input: $input) {
    detail
  }
}
    `);
const TrustedDevicesDocument = new TypedDocumentString(`
    query TrustedDevices {
  trustedDevices {
    id
    createdAt
    lastUsedAt
    expiresAt
    ipAddress
    userAgent
    current
  }
}
    `);
const RemoveTrustedDeviceDocument = new TypedDocumentString(`
    mutation RemoveTrustedDevice($input: RemoveTrustedDeviceInput!) {
  removeTrustedDevice(input: $input) {
    detail
  }
}
    `);
const EventCountsDocument = new TypedDocumentString(`
    query EventCounts($hours: Boolean! = true, $days: Boolean! = true) {
  eventCounts {
    hours @include(if: $hours) {
      event
      since
      count
    }
    days @include(if: $days) {
      event
      since
      count
    }
  }
}
    `);
const OutboxDocument = new TypedDocumentString(`
    query Outbox {
  outbox {
    waiting {
      kind
      count
      oldest
    }
    failed {
      id
      kind
      outcome
      attempts
      createdAt
      lastError
    }
  }
}
    `);
const SigningKeysDocument = new TypedDocumentString(`
    query SigningKeys {
  signingKeys {
    kid
    alg
    state
    createdAt
    signsFrom
    verifiesUntil
  }
}
    `);
const RequestStepUpDocument = new TypedDocumentString(`
    mutation RequestStepUp {
  requestStepUp {
    ...Challenge
  }
}
    fragment Challenge on OtpChallenge {
  detail
  expiresIn
  challengeId
}`);
const StepUpDocument = new TypedDocumentString(`
    mutation StepUp($input: StepUpInput!) {
  stepUp(input: $input) {
    detail
    expiresIn
  }
}
    `);
const ExportMyDataDocument = new TypedDocumentString(`
    mutation ExportMyData {
  exportMyData
}
    `);
const DeleteMyAccountDocument = new TypedDocumentString(`
    mutation DeleteMyAccount {
  deleteMyAccount {
    detail
  }
}
    `);
const ChangeEmailDocument = new TypedDocumentString(`
    mutation ChangeEmail($input: ChangeEmailInput!) {
  changeEmail(input: $input) {
    ...Challenge
  }
}
    fragment Challenge on OtpChallenge {
  detail
  expiresIn
  challengeId
}`);
const ConfirmEmailChangeDocument = new TypedDocumentString(`
    mutation ConfirmEmailChange($input: ConfirmEmailChangeInput!) {
  confirmEmailChange(input: $input) {
    detail
  }
}
    `);
const UndoEmailChangeDocument = new TypedDocumentString(`
    mutation UndoEmailChange($input: UndoEmailChangeInput!) {
  undoEmailChange(input: $input) {
    detail
  }
}
    `);
const PasskeysDocument = new TypedDocumentString(`
    query Passkeys {
  passkeys {
    ...PasskeyListFields
  }
}
    fragment PasskeyFields on Passkey {
  id
  credentialId
  name
  createdAt
  lastUsedAt
  backedUp
}
fragment PasskeyListFields on PasskeyList {
  rpId
  userId
  passkeys {
    ...PasskeyFields
  }
}`);
const PasskeySignInOptionsDocument = new TypedDocumentString(`
    mutation PasskeySignInOptions {
  passkeySignInOptions {
    options
    expiresIn
  }
}
    `);
const SignInWithPasskeyDocument = new TypedDocumentString(`
    mutation SignInWithPasskey($input: SignInWithPasskeyInput!) {
  signInWithPasskey(input: $input) {
    ...SignedIn
  }
}
    fragment Account on User {
  id
  email
  emailVerified
  hasPassword
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
}
fragment SignedIn on AuthPayload {
  accessToken
  refreshToken
  tokenType
  expiresIn
  user {
    ...Account
  }
}`);
const PasskeyFactorOptionsDocument = new TypedDocumentString(`
    mutation PasskeyFactorOptions($input: PasskeyFactorOptionsInput!) {
  passkeyFactorOptions(input: $input) {
    options
    expiresIn
  }
}
    `);
const PasskeyStepUpOptionsDocument = new TypedDocumentString(`
    mutation PasskeyStepUpOptions {
  passkeyStepUpOptions {
    options
    expiresIn
  }
}
    `);
const PasskeyRegistrationOptionsDocument = new TypedDocumentString(`
    mutation PasskeyRegistrationOptions {
  passkeyRegistrationOptions {
    options
    expiresIn
  }
}
    `);
const RegisterPasskeyDocument = new TypedDocumentString(`
    mutation RegisterPasskey($input: RegisterPasskeyInput!) {
  registerPasskey(input: $input) {
    id
    credentialId
    name
    createdAt
    lastUsedAt
    backedUp
    recoveryCodes
  }
}
    `);
const RenamePasskeyDocument = new TypedDocumentString(`
    mutation RenamePasskey($input: RenamePasskeyInput!) {
  renamePasskey(input: $input) {
    ...PasskeyFields
  }
}
    fragment PasskeyFields on Passkey {
  id
  credentialId
  name
  createdAt
  lastUsedAt
  backedUp
}`);
const RemovePasskeyDocument = new TypedDocumentString(`
    mutation RemovePasskey($input: RemovePasskeyInput!) {
  removePasskey(input: $input) {
    ...PasskeyListFields
  }
}
    fragment PasskeyFields on Passkey {
  id
  credentialId
  name
  createdAt
  lastUsedAt
  backedUp
}
fragment PasskeyListFields on PasskeyList {
  rpId
  userId
  passkeys {
    ...PasskeyFields
  }
}`);
const ForgotPasswordDocument = new TypedDocumentString(`
    mutation ForgotPassword($input: ForgotPasswordInput!) {
  forgotPassword(input: $input) {
    ...Challenge
  }
}
    fragment Challenge on OtpChallenge {
  detail
  expiresIn
  challengeId
}`);
const ResetPasswordDocument = new TypedDocumentString(`
    mutation ResetPassword($input: ResetPasswordInput!) {
  resetPassword(input: $input) {
    detail
  }
}
    `);
const ChangePasswordDocument = new TypedDocumentString(`
    mutation ChangePassword($input: ChangePasswordInput!) {
  changePassword(input: $input) {
    detail
  }
}
    `);
const LoginDocument = new TypedDocumentString(`
    mutation Login($input: LoginInput!) {
  login(input: $input) {
    ...Challenge
  }
}
    fragment Challenge on OtpChallenge {
  detail
  expiresIn
  challengeId
}`);
const RequestOtpDocument = new TypedDocumentString(`
    mutation RequestOtp($input: RequestOtpInput!) {
  requestOtp(input: $input) {
    ...Challenge
  }
}
    fragment Challenge on OtpChallenge {
  detail
  expiresIn
  challengeId
}`);
const VerifyOtpDocument = new TypedDocumentString(`
    mutation VerifyOtp($input: VerifyOtpInput!) {
  verifyOtp(input: $input) {
    ...SignedIn
  }
}
    fragment Account on User {
  id
  email
  emailVerified
  hasPassword
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
}
fragment SignedIn on AuthPayload {
  accessToken
  refreshToken
  tokenType
  expiresIn
  user {
    ...Account
  }
}`);
const RefreshTokensDocument = new TypedDocumentString(`
    mutation RefreshTokens($input: RefreshTokensInput!) {
  refreshTokens(input: $input) {
    ...SignedIn
  }
}
    fragment Account on User {
  id
  email
  emailVerified
  hasPassword
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
}
fragment SignedIn on AuthPayload {
  accessToken
  refreshToken
  tokenType
  expiresIn
  user {
    ...Account
  }
}`);
const SessionsDocument = new TypedDocumentString(`
    query Sessions {
  sessions {
    id
    createdAt
    lastUsedAt
    expiresAt
    ipAddress
    userAgent
    current
  }
}
    `);
const RevokeSessionDocument = new TypedDocumentString(`
    mutation RevokeSession($input: RevokeSessionInput!) {
  revokeSession(input: $input) {
    detail
    ids
  }
}
    `);
const RevokeOtherSessionsDocument = new TypedDocumentString(`
    mutation RevokeOtherSessions {
  revokeOtherSessions {
    detail
    ids
  }
}
    `);
const LogoutDocument = new TypedDocumentString(`
    mutation Logout($input: LogoutInput) {
  logout(input: $input) {
    detail
  }
}
    `);
const UsersDocument = new TypedDocumentString(`
    query Users($first: Int, $after: String, $filter: UserFilter) {
  users(first: $first, after: $after, filter: $filter) {
    edges {
      cursor
      node {
        ...Managed
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}`);
const UserDocument = new TypedDocumentString(`
    query User($id: ID, $email: String) {
  user(id: $id, email: $email) {
    ...Managed
    sessions {
      id
      createdAt
      lastUsedAt
      expiresAt
      ipAddress
      userAgent
      current
    }
    locks {
      limit
      subject
      unlockIn
    }
    counts {
      sessions
      auditEvents
    }
  }
}
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}`);
const DisableUserDocument = new TypedDocumentString(`
    mutation DisableUser($input: DisableUserInput!) {
  disableUser(input: $input) {
    ...Managed
  }
}
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}`);
const EnableUserDocument = new TypedDocumentString(`
    mutation EnableUser($input: EnableUserInput!) {
  enableUser(input: $input) {
    ...Managed
  }
}
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}`);
const CreateUserDocument = new TypedDocumentString(`
    mutation CreateUser($input: CreateUserInput!) {
  createUser(input: $input) {
    ...Managed
  }
}
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}`);
const SetUserRoleDocument = new TypedDocumentString(`
    mutation SetUserRole($input: SetUserRoleInput!) {
  setUserRole(input: $input) {
    ...Managed
  }
}
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}`);
const SetUserMetadataDocument = new TypedDocumentString(`
    mutation SetUserMetadata($input: SetUserMetadataInput!) {
  setUserMetadata(input: $input) {
    ...Managed
  }
}
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}`);
const UnlockUserDocument = new TypedDocumentString(`
    mutation UnlockUser($input: UnlockUserInput!) {
  unlockUser(input: $input) {
    ...Managed
  }
}
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}`);
const RevokeUserSessionsDocument = new TypedDocumentString(`
    mutation RevokeUserSessions($input: RevokeUserSessionsInput!) {
  revokeUserSessions(input: $input) {
    detail
    ids
  }
}
    `);
const DeleteUserDocument = new TypedDocumentString(`
    mutation DeleteUser($input: DeleteUserInput!) {
  deleteUser(input: $input) {
    detail
  }
}
    `);
const ResetUserFactorsDocument = new TypedDocumentString(`
    mutation ResetUserFactors($input: ResetUserFactorsInput!) {
  resetUserFactors(input: $input) {
    detail
    dueAt
  }
}
    `);
const WebhooksDocument = new TypedDocumentString(`
    query Webhooks {
  webhooks {
    ...WebhookFields
  }
}
    fragment WebhookFields on Webhook {
  id
  url
  description
  events
  createdAt
  failingSince
  disabledAt
}`);
const WebhookDeliveriesDocument = new TypedDocumentString(`
    query WebhookDeliveries($webhookId: ID!, $status: WebhookDeliveryStatus, $first: Int, $after: String) {
  webhookDeliveries(
    webhookId: $webhookId
    status: $status
    first: $first
    after: $after
  ) {
    edges {
      cursor
      node {
        ...WebhookDeliveryFields
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
  }
}
    fragment WebhookDeliveryFields on WebhookDelivery {
  id
  webhookId
  messageId
  type
  status
  attempts
  createdAt
  attemptedAt
  dueAt
  endedAt
  lastError
}`);
const CreateWebhookDocument = new TypedDocumentString(`
    mutation CreateWebhook($input: CreateWebhookInput!) {
  createWebhook(input: $input) {
    id
    url
    description
    events
    createdAt
    failingSince
    disabledAt
    secret
  }
}
    `);
const UpdateWebhookDocument = new TypedDocumentString(`
    mutation UpdateWebhook($input: UpdateWebhookInput!) {
  updateWebhook(input: $input) {
    ...WebhookFields
  }
}
    fragment WebhookFields on Webhook {
  id
  url
  description
  events
  createdAt
  failingSince
  disabledAt
}`);
const DeleteWebhookDocument = new TypedDocumentString(`
    mutation DeleteWebhook($input: DeleteWebhookInput!) {
  deleteWebhook(input: $input) {
    detail
  }
}
    `);
const RotateWebhookSecretDocument = new TypedDocumentString(`
    mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
  rotateWebhookSecret(input: $input) {
    id
    url
    description
    events
    createdAt
    failingSince
    disabledAt
    secret
  }
}
    `);
const RedeliverDocument = new TypedDocumentString(`
    mutation Redeliver($input: RedeliverInput!) {
  redeliver(input: $input) {
    ...WebhookDeliveryFields
  }
}
    fragment WebhookDeliveryFields on WebhookDelivery {
  id
  webhookId
  messageId
  type
  status
  attempts
  createdAt
  attemptedAt
  dueAt
  endedAt
  lastError
}`);
// client/src/session-storage.ts
const unknownSession = {
	accessToken: "",
	refreshToken: "",
	expiresAt: 0,
	user: { id: "" }
};
function sessionIdOf(session) {
	try {
		const [, claims = ""] = session?.accessToken.split(".") ?? [];
		return JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))).sid;
	} catch {
		return;
	}
}
function createSession(tokens) {
	const { accessToken, refreshToken, expiresIn, user } = tokens;
	const expiresAt = Date.now() + expiresIn * 1e3;
	return {
		accessToken,
		refreshToken: refreshToken ?? "",
		expiresAt,
		user
	};
}
function memoryStorage() {
	const values = new Map();
	return {
		getItem: (key) => values.get(key),
		setItem: (key, value) => void values.set(key, value),
		removeItem: (key) => void values.delete(key)
	};
}
const isPage = typeof document !== "undefined";
function defaultStorage() {
	try {
		if (isPage && localStorage) return localStorage;
	} catch {}
	return memoryStorage();
}
function openStorage(key, storage = defaultStorage()) {
	let unsaved;
	return {
		async read() {
			if (unsaved) return unsaved.session;
			try {
				return parse(await storage.getItem(key));
			} catch {
				return;
			}
		},
		async write(session) {
			try {
				if (session) await storage.setItem(key, JSON.stringify(session));
				else await storage.removeItem(key);
				unsaved = void 0;
			} catch {
				unsaved = { session };
			}
		}
	};
}
const SIGNED_OUT = "signed-out";
function openCookieStorage(key) {
	let session;
	let own;
	let isForbidden = false;
	const access = (work) => {
		try {
			return isForbidden ? void 0 : work();
		} catch {
			isForbidden = true;
			return;
		}
	};
	const keep = (next) => {
		session = next;
		own = next?.user.id ?? SIGNED_OUT;
	};
	return {
		async read() {
			const stored = access(() => localStorage.getItem(key));
			const user = isForbidden ? own : stored;
			if (user === SIGNED_OUT) return void 0;
			return session?.user.id === user && session ? session : unknownSession;
		},
		async write(next) {
			keep(next);
			access(() => localStorage.setItem(key, own ?? ""));
		},
		adopt: keep
	};
}
function parse(text) {
	const session = JSON.parse(text ?? "null");
	return session?.refreshToken && session.user ? session : void 0;
}
// client/src/follow-session.ts
const body = JSON.stringify({ query: "subscription { sessionEnded }" });
const SOON = 5e3;
const LATER = 6e4;
function createFollower(options, sessions) {
	if (!isPage || !navigator.locks) return () => void 0;
	let isStarted = false;
	let abort;
	const start = async () => {
		if (abort || sessions.auth.state.status !== "signed-in") return;
		abort = new AbortController();
		const { signal } = abort;
		const work = () => follow(options, sessions, signal);
		const lock = `${options.storageKey ?? "gatehouse"}-live`;
		await navigator.locks.request(lock, { signal }, work).catch(() => void 0);
		abort = void 0;
	};
	return () => {
		if (isStarted) return;
		isStarted = true;
		sessions.auth.subscribe(() => void start());
		document.addEventListener("visibilitychange", () => void start());
		addEventListener("pageshow", () => void start());
		addEventListener("pagehide", () => abort?.abort());
	};
}
async function follow(options, sessions, signal) {
	let wait = 0;
	while (!signal.aborted && document.visibilityState === "visible") {
		await new Promise((resolve) => setTimeout(resolve, wait));
		wait = await listen(options, sessions, signal).catch(() => LATER);
		if (wait === void 0) return;
	}
}
async function listen(options, sessions, signal) {
	const { url, headers, fetch: request = fetch } = options;
	const { data: session } = await sessions.fresh();
	if (!session) return void 0;
	const response = await request(`${url.replace(/\/+$/, "")}/graphql`, {
		method: "POST",
		credentials: "omit",
		headers: {
			...headers,
			"content-type": "application/json",
			accept: "text/event-stream",
			authorization: `Bearer ${session.accessToken}`
		},
		body,
		signal
	});
	const text = await response.text();
	if (response.status === 400) return void 0;
	if (!response.ok || text.includes("\"errors\"")) return LATER;
	const current = text.includes("\"sessionEnded\"") && await sessions.current();
	if (current) await sessions.refresh(current);
	return Math.random() * SOON;
}
// client/src/operations.ts
const documentOf = Object.fromEntries(Object.entries(graphql_exports).filter(([name]) => name.endsWith("Document")).map(([name, document]) => [name.charAt(0).toLowerCase() + name.slice(1, -8), document]));
const publicOperations = new Set([
	...[
		"register",
		"login",
		"requestOtp",
		"verifyOtp",
		"forgotPassword"
	],
	...[
		"resetPassword",
		"refreshTokens",
		"logout",
		"undoEmailChange"
	],
	...["verifyFactor", "undoFactorChange"],
	...[
		"passkeySignInOptions",
		"signInWithPasskey",
		"passkeyFactorOptions"
	]
]);
// client/src/result.ts
const waitCodes = [
	"RATE_LIMITED",
	"LOCKED",
	"UNAVAILABLE"
];
const success = (data) => ({
	ok: true,
	data
});
function failure({ message, extensions = {} }) {
	const { code = "INTERNAL_SERVER_ERROR", fields = {}, proofs = [] } = extensions;
	const { retryAfter = extensions.unlockIn ?? 1 } = extensions;
	return {
		ok: false,
		error: {
			code,
			message,
			...code === "BAD_USER_INPUT" && { fields },
			...code === "STEP_UP_REQUIRED" && { proofs },
			...code === "MFA_REQUIRED" && {
				factors: [],
				challengeId: "",
				expiresIn: 0,
				...extensions
			},
			...waitCodes.includes(code) && { retryAfter }
		}
	};
}
const networkError = (message, cause) => ({
	ok: false,
	error: {
		code: "NETWORK_ERROR",
		message,
		cause
	}
});
// client/src/send.ts
const withCookie = (options) => options.cookie ? {
	...options,
	credentials: "include",
	headers: {
		...options.headers,
		"gatehouse-session": "cookie"
	}
} : options;
async function send(connection, document, variables, accessToken) {
	const { url, headers, credentials = "omit", timeout = 15e3, fetch: request = fetch } = connection;
	const abort = new AbortController();
	const timer = setTimeout(() => abort.abort(), timeout);
	try {
		const response = await request(`${url.replace(/\/+$/, "")}/graphql`, {
			method: "POST",
			credentials,
			headers: {
				...headers,
				"content-type": "application/json",
				...accessToken && { authorization: `Bearer ${accessToken}` }
			},
			body: JSON.stringify({
				query: document.toString(),
				variables
			}),
			signal: abort.signal
		});
		const { data, errors } = await response.json();
		if (errors?.[0]) return failure(errors[0]);
		if (data) return success(data);
		return networkError(`The response is not from Gatehouse (status ${response.status}).`);
	} catch (cause) {
		return networkError(`No response of Gatehouse at ${url}.`, cause);
	} finally {
		clearTimeout(timer);
	}
}
// client/src/auth-state.ts
var AuthStateHolder = class {
	state = { status: "loading" };
	#session;
	#listeners = new Set();
	subscribe(listener) {
		const entry = (state, event) => listener(state, event);
		this.#listeners.add(entry);
		if (this.state.status !== "loading") this.#notify(entry, "INITIAL");
		return () => void this.#listeners.delete(entry);
	}
	set(session) {
		const event = this.#eventOf(session);
		const { user } = session ?? {};
		this.#session = session;
		if (!event) return;
		if (event !== "TOKEN_REFRESHED") this.state = user ? {
			status: "signed-in",
			user
		} : { status: "signed-out" };
		for (const listener of this.#listeners) this.#notify(listener, event);
	}
	#eventOf(next) {
		const last = this.#session;
		if (this.state.status === "loading") return "INITIAL";
		if (!next) return last && "SIGNED_OUT";
		if (next.user.id !== last?.user.id) return "SIGNED_IN";
		if (JSON.stringify(next.user) !== JSON.stringify(last.user)) return "USER_UPDATED";
		return next.accessToken === last.accessToken ? void 0 : "TOKEN_REFRESHED";
	}
	#notify(listener, event) {
		const { state } = this;
		queueMicrotask(() => this.#listeners.has(listener) && listener(state, event));
	}
};
// client/src/tabs.ts
const alone = {
	exclusive: (work) => work(),
	announce() {}
};
const PROPAGATION = 200;
function openTabs(name, patience, onChange, onMessage) {
	if (!isPage) return alone;
	addEventListener("storage", onChange);
	addEventListener("pageshow", onChange);
	document.addEventListener("visibilitychange", onChange);
	const channel = typeof BroadcastChannel === "undefined" ? void 0 : new BroadcastChannel(name);
	channel?.addEventListener("message", ({ data }) => {
		onMessage?.(data);
		onChange();
	});
	let hasWritten = false;
	const propagation = async () => {
		if (hasWritten) await new Promise((resolve) => setTimeout(resolve, PROPAGATION));
		hasWritten = false;
	};
	return {
		announce(message) {
			hasWritten = true;
			channel?.postMessage(message);
		},
		exclusive: (work) => navigator.locks ? locked(name, patience, work, propagation) : work()
	};
}
function locked(name, patience, work, release) {
	const abort = new AbortController();
	const timer = setTimeout(() => abort.abort(), patience);
	return new Promise((resolve, reject) => {
		const run = async () => {
			clearTimeout(timer);
			await work().then(resolve, reject);
			await release();
		};
		navigator.locks.request(name, { signal: abort.signal }, run).catch(run);
	});
}
// client/src/session-manager.ts
const RETRY = 5;
const EARLY = 6e4;
const final = ["INVALID_TOKEN", "FORBIDDEN"];
var SessionManager = class {
	auth = new AuthStateHolder();
	#options;
	#storage;
	#tabs;
	#refresh;
	#retry;
	constructor(options) {
		const { cookie, storageKey = "gatehouse", storage, timeout = 15e3 } = options;
		this.#options = options;
		this.#storage = cookie ? openCookieStorage(storageKey) : openStorage(storageKey, storage);
		this.#tabs = openTabs(storageKey, 2 * timeout, () => void this.load(), (message) => this.#storage.adopt?.(message));
	}
	async current() {
		const session = await this.#storage.read();
		if (session !== unknownSession) this.auth.set(session);
		return session;
	}
	async load() {
		const session = await this.current();
		if (session !== unknownSession) return;
		const { error } = await this.refresh(session);
		if (!error) return;
		const { retryAfter = RETRY } = error;
		clearTimeout(this.#retry);
		this.#retry = setTimeout(() => void this.load(), retryAfter * 1e3);
	}
	async save(session) {
		await this.#storage.write(session);
		this.auth.set(session);
		this.#tabs.announce(this.#storage.adopt && session);
	}
	signIn(request) {
		const work = async () => {
			const result = await request();
			if (!result.ok) return result;
			const tokens = result.data;
			await this.save(createSession(tokens));
			return success({ user: tokens.user });
		};
		return this.#options.cookie ? this.#tabs.exclusive(work) : work();
	}
	async end(request) {
		const session = await this.current();
		await this.save(void 0);
		const drop = async () => {
			const left = await this.current();
			if (left && sessionIdOf(left) === sessionIdOf(session)) await this.save(void 0);
		};
		if (this.#options.cookie) return this.#tabs.exclusive(() => drop().then(() => request(session)));
		const [data] = await Promise.all([request(session), this.#tabs.exclusive(drop)]);
		return data;
	}
	async updateUser(user) {
		const session = await this.current();
		if (session?.user.id !== user.id) return;
		if (JSON.stringify(session.user) !== JSON.stringify(user)) await this.save({
			...session,
			user
		});
	}
	async fresh() {
		const session = await this.current();
		const left = session ? session.expiresAt - Date.now() : EARLY;
		if (!session || left >= EARLY) return success(session);
		const refreshed = await this.refresh(session);
		return refreshed.ok || left <= 0 ? refreshed : success(session);
	}
	async refresh(used) {
		this.#refresh ??= this.#tabs.exclusive(() => this.#rotate(used)).finally(() => {
			this.#refresh = void 0;
		});
		const result = await this.#refresh;
		return result.data?.accessToken === used.accessToken ? this.refresh(used) : result;
	}
	async #rotate(used) {
		const session = await this.current();
		if (session?.accessToken !== used.accessToken) return success(session);
		const result = await this.#exchange(session);
		const now = await this.current();
		if (!(now?.accessToken === session.accessToken || now === unknownSession)) return success(now);
		if (!result.ok && !final.includes(result.error.code)) return result;
		const next = result.ok ? createSession(result.data.refreshTokens) : void 0;
		await this.save(next);
		return success(next);
	}
	async #exchange({ refreshToken }) {
		const { cookie } = this.#options;
		const input = cookie ? {} : { refreshToken };
		const attempt = () => send(withCookie(this.#options), RefreshTokensDocument, { input });
		const result = await attempt();
		return result.error?.code === "NETWORK_ERROR" ? attempt() : result;
	}
};
// client/src/client.ts
function createClient(options) {
	const sessions = new SessionManager(options);
	const request = createRequest(options, sessions);
	const connection = withCookie(options);
	const signIn = (name, document, input) => sessions.signIn(async () => {
		const result = await send(connection, document, { input });
		return result.ok ? success(result.data[name]) : result;
	});
	const follow = createFollower(options, sessions);
	return {
		...createOperations(options, request, sessions),
		request,
		verifyOtp: (input) => signIn("verifyOtp", VerifyOtpDocument, input),
		verifyFactor: (input) => signIn("verifyFactor", VerifyFactorDocument, input),
		signInWithPasskey: (input) => signIn("signInWithPasskey", SignInWithPasskeyDocument, input),
		async refreshTokens() {
			const session = await sessions.current();
			const result = session ? await sessions.refresh(session) : success(void 0);
			return result.ok ? success(result.data && { user: result.data.user }) : result;
		},
		logout() {
			return sessions.end(async (session) => {
				if (!session && !options.cookie) return success({ detail: "There is no session." });
				const { accessToken, refreshToken } = session ?? {};
				const result = await send(connection, LogoutDocument, { input: refreshToken ? { refreshToken } : {} }, accessToken);
				return result.ok ? success(result.data.logout) : result;
			});
		},
		async getAccessToken() {
			const { data } = await sessions.fresh();
			return data?.accessToken;
		},
		getState: () => sessions.auth.state,
		onAuthStateChange(listener) {
			const unsubscribe = sessions.auth.subscribe(listener);
			sessions.load();
			follow();
			return unsubscribe;
		}
	};
}
function createRequest(options, sessions) {
	return async (document, variables) => {
		const session = await sessions.fresh();
		if (!session.ok) return session;
		const result = await send(options, document, variables, session.data?.accessToken);
		if (!session.data || result.error?.code !== "UNAUTHENTICATED") return result;
		const refreshed = await sessions.refresh(session.data);
		if (!refreshed.ok) return refreshed;
		return refreshed.data ? send(options, document, variables, refreshed.data.accessToken) : result;
	};
}
function createOperations(options, request, sessions) {
	const run = async (name, given) => {
		const document = documentOf[name];
		const variables = document.toString().includes("$input") ? { input: given } : given ?? {};
		const result = publicOperations.has(name) ? await send(options, document, variables) : await request(document, variables);
		if (!result.ok) return result;
		const [data] = Object.values(result.data);
		if (name === "me" || name === "updateProfile") await sessions.updateUser(data);
		if (name === "confirmEmailChange") await run("me", void 0);
		if (name === "deleteMyAccount") await sessions.save(void 0);
		return success(data);
	};
	return Object.fromEntries(Object.keys(documentOf).map((name) => [name, (given) => run(name, given)]));
}
// console/src/client.ts
const client = createClient({
	url: location.origin,
	storage: sessionStorage,
	storageKey: "gatehouse-console"
});
// console/src/required-factor.ts
let isRequired = false;
const listeners$1 = new Set();
const isFactorRequired = () => isRequired;
function setFactorRequired(value) {
	isRequired = value;
	for (const listener of listeners$1) listener();
}
function onFactorRequired(listener) {
	listeners$1.add(listener);
	return () => void listeners$1.delete(listener);
}
// console/src/texts.ts
function duration(seconds) {
	const [unit, size] = Object.entries({
		day: 86400,
		hour: 3600,
		minute: 60
	}).find(([, size]) => seconds >= size) ?? ["second", 1];
	const count = Math.max(0, Math.round(seconds / size));
	return `${count.toLocaleString()} ${unit}${count === 1 ? "" : "s"}`;
}
const moment = new Intl.DateTimeFormat(void 0, {
	dateStyle: "medium",
	timeStyle: "medium"
});
const day$1 = new Intl.DateTimeFormat(void 0, { dateStyle: "medium" });
const timeText = (iso) => moment.format(new Date(iso));
const dayText = (iso) => day$1.format(new Date(iso));
function relativeText(iso) {
	const seconds = (Date.now() - Date.parse(iso)) / 1e3;
	if (seconds < 0) return `in ${duration(-seconds)}`;
	return seconds < 10 ? "just now" : `${duration(seconds)} ago`;
}
function words(name) {
	const named = name.toLowerCase().replaceAll("_", " ").replace(/\b(otp|api|ip)\b/g, (short) => short.toUpperCase());
	return named.charAt(0).toUpperCase() + named.slice(1);
}
const waits = {
	UNAVAILABLE: "Part of Gatehouse is unavailable.",
	RATE_LIMITED: "Too many requests.",
	LOCKED: "Too many failed attempts."
};
const sessionEnded = "Your session has ended. Sign in again.";
const texts = {
	NETWORK_ERROR: "Gatehouse does not respond. Check your connection, then try again.",
	INVALID_OTP: "That code is wrong, was used already, or is older than the newest mail.",
	CANCELLED: "The browser used no passkey. Try again.",
	ALREADY_ADDED: "This device has a passkey of your account already.",
	INVALID_CREDENTIALS: "The e-mail address or the password is wrong.",
	NOT_FOUND: "Not found. It may have been deleted.",
	UNAUTHENTICATED: sessionEnded,
	INVALID_TOKEN: sessionEnded,
	INTERNAL_SERVER_ERROR: "Gatehouse failed to do this. The server log contains the cause."
};
function errorText(error) {
	if ("retryAfter" in error) return `${waits[error.code]} Try again in ${duration(error.retryAfter)}.`;
	return ("fields" in error ? Object.values(error.fields).flat().join(" ") : "") || (texts[error.code] ?? error.message);
}
// node_modules/preact/jsx-runtime/dist/jsxRuntime.mjs
var f = Symbol.for("pv");
var o = 0;
Array.isArray;
function a(t, e, n$1, u, a, i) {
	e || (e = {});
	var c, l, p = e;
	if ("ref" in p && "function" != typeof t) for (l in p = {}, e) "ref" == l ? c = e[l] : p[l] = e[l];
	var s = {
		type: t,
		props: p,
		key: n$1,
		ref: c,
		__k: null,
		__: null,
		__b: 0,
		__e: null,
		__c: null,
		constructor: f,
		__v: --o,
		__i: -1,
		__u: 0
	};
	return (a || i) && (s.__source = a, s.__self = i), n.vnode && n.vnode(s), s;
}
// console/src/parts.tsx
const Moment = ({ at, exact }) => a("time", {
	dateTime: at,
	title: timeText(at),
	children: exact ? timeText(at) : relativeText(at)
});
const Badge = ({ tone, children }) => a("span", {
	class: `badge ${tone ?? ""}`,
	children
});
function Heading({ title, lead, children }) {
	const heading = T(null);
	A(() => {
		document.title = `${title} · Gatehouse console`;
		heading.current?.focus();
	}, [title]);
	return a("div", {
		class: "heading",
		children: [a("div", { children: [a("h1", {
			ref: heading,
			tabIndex: -1,
			children: title
		}), lead && a("p", {
			class: "quiet",
			children: lead
		})] }), a("div", {
			class: "actions",
			children
		})]
	});
}
function Failure({ error, retry }) {
	A(() => {
		if (error.code === "ENROLLMENT_REQUIRED") setFactorRequired(true);
	}, [error]);
	return a("div", {
		class: "failure",
		role: "alert",
		children: [a("p", { children: errorText(error) }), retry && a("button", {
			type: "button",
			onClick: retry,
			children: "Try again"
		})]
	});
}
const Loading = () => a("div", {
	class: "loading",
	role: "status",
	children: [a("span", {
		class: "hidden",
		children: "Loading"
	}), [
		1,
		2,
		3,
		4
	].map((line) => a("i", {}, line))]
});
const Empty = ({ children }) => a("p", {
	class: "empty",
	children
});
function Field({ label, hint, children }) {
	const id = P();
	const hintId = `${id}-hint`;
	return a("div", {
		class: "field",
		children: [
			a("label", {
				htmlFor: id,
				children: label
			}),
			b(children, {
				id,
				...hint && { "aria-describedby": hintId }
			}),
			hint && a("small", {
				class: "quiet",
				id: hintId,
				children: hint
			})
		]
	});
}
const Select = ({ label, value, options, onChange }) => a(Field, {
	label,
	children: a("select", {
		value,
		onChange: ({ currentTarget }) => onChange(currentTarget.value),
		children: options.map(([each, text]) => a("option", {
			value: each,
			children: text
		}, each))
	})
});
function Copy({ text }) {
	const [isCopied, setCopied] = d(false);
	const copy = async () => {
		await navigator.clipboard.writeText(text).then(() => setCopied(true), () => void 0);
	};
	return a("button", {
		type: "button",
		onClick: () => void copy(),
		children: isCopied ? "Copied" : "Copy"
	});
}
const More = ({ has, busy, more }) => has ? a("p", {
	class: "more",
	children: a("button", {
		type: "button",
		onClick: more,
		disabled: busy,
		children: busy ? "Loading…" : "Load more"
	})
}) : null;
// console/src/step-up.ts
let pending;
const listeners = new Set();
function setPending(next) {
	pending = next;
	for (const listener of listeners) listener();
}
const pendingStepUp = () => pending;
function onPendingStepUp(listener) {
	listeners.add(listener);
	return () => void listeners.delete(listener);
}
async function withStepUp(run) {
	const result = await run();
	if (result.error?.code !== "STEP_UP_REQUIRED") return result;
	const { proofs } = result.error;
	const isConfirmed = await new Promise((resolve) => setPending({
		proofs,
		finish: resolve
	}));
	setPending(void 0);
	return isConfirmed ? run() : result;
}
// console/src/dialog.tsx
function Dialog({ title, children, onClose }) {
	const dialog = T(null);
	const id = P();
	A(() => dialog.current?.showModal(), []);
	return a("dialog", {
		ref: dialog,
		"aria-labelledby": id,
		onClose,
		children: [a("h2", {
			id,
			children: title
		}), children]
	});
}
function Confirm(props) {
	const { title, action, isDangerous, isReady = true, children, onClose } = props;
	const [busy, setBusy] = d(false);
	const [error, setError] = d();
	const run = async () => {
		setBusy(true);
		const { data, error } = await withStepUp(props.run);
		setBusy(false);
		setError(error);
		if (data !== void 0) props.onDone(data);
	};
	const submit = (event) => {
		event.preventDefault();
		if (isReady && !busy) run();
	};
	return a(Dialog, {
		title,
		onClose,
		children: a("form", {
			onSubmit: submit,
			children: [
				children,
				error && a(Failure, { error }),
				a("div", {
					class: "buttons",
					children: [a("button", {
						type: "button",
						onClick: onClose,
						children: "Cancel"
					}), a("button", {
						type: "submit",
						class: isDangerous ? "danger" : "primary",
						disabled: busy || !isReady,
						children: action
					})]
				})
			]
		})
	});
}
// console/src/load.ts
function useLoad(key, load) {
	const [round, setRound] = d(0);
	const [state, setState] = d({
		data: void 0,
		error: void 0,
		isLoading: true
	});
	A(() => {
		let isCurrent = true;
		setState((last) => ({
			...last,
			isLoading: true
		}));
		load().then(({ data, error }) => {
			if (isCurrent) setState((last) => ({
				data: data ?? last.data,
				error,
				isLoading: false
			}));
		});
		return () => {
			isCurrent = false;
		};
	}, [key, round]);
	return {
		...state,
		reload: () => setRound((last) => last + 1)
	};
}
function usePages(key, load) {
	const [older, setOlder] = d();
	const [busy, setBusy] = d(false);
	const [error, setError] = d();
	const shown = T(key);
	const first = useLoad(key, () => {
		shown.current = key;
		setOlder(void 0);
		setError(void 0);
		return load(void 0);
	});
	const end = older?.end ?? first.data?.pageInfo;
	const rows = first.data && [...first.data.edges.map(({ node }) => node), ...older?.rows ?? []];
	const more = async () => {
		setBusy(true);
		const { data, error } = await load(end?.endCursor ?? void 0);
		setBusy(false);
		if (shown.current !== key) return;
		setError(error);
		if (!data) return;
		const found = data.edges.map(({ node }) => node);
		setOlder((last) => ({
			rows: [...last?.rows ?? [], ...found],
			end: data.pageInfo
		}));
	};
	return {
		rows,
		error: first.error ?? error,
		isLoading: first.isLoading || busy,
		hasMore: end?.hasNextPage ?? false,
		more: () => void more(),
		reload: first.reload
	};
}
function useStore(subscribe, read) {
	const [value, setValue] = d(read);
	A(() => {
		const update = () => setValue(read);
		update();
		return subscribe(update);
	}, []);
	return value;
}
// console/src/api-keys.tsx
function ApiKeys() {
	const found = useLoad("", () => client.apiKeys());
	const [isCreating, setCreating] = d(false);
	const [created, setCreated] = d();
	const [revoked, setRevoked] = d();
	const { data: keys, error } = found;
	return a($, { children: [
		a(Heading, {
			title: "API keys",
			lead: "For machines that manage users or read the audit log.",
			children: a("button", {
				type: "button",
				class: "primary",
				onClick: () => setCreating(true),
				children: "Create a key"
			})
		}),
		error && a(Failure, {
			error,
			retry: found.reload
		}),
		!keys && !error && a(Loading, {}),
		keys?.length === 0 && a(Empty, { children: "There is no API key." }),
		keys && keys.length > 0 && a(Table$3, {
			keys,
			revoke: setRevoked
		}),
		isCreating && a(Create, {
			onDone: (key) => {
				setCreating(false);
				setCreated(key);
				found.reload();
			},
			onClose: () => setCreating(false)
		}),
		created && a(Created, {
			apiKey: created,
			onClose: () => setCreated(void 0)
		}),
		revoked && a(Confirm, {
			title: "Revoke this key?",
			action: "Revoke",
			isDangerous: true,
			run: () => client.revokeApiKey({ id: revoked.id }),
			onDone: () => {
				setRevoked(void 0);
				found.reload();
			},
			onClose: () => setRevoked(void 0),
			children: a("p", { children: [
				"The next request with ",
				a("strong", { children: revoked.name }),
				" is rejected."
			] })
		})
	] });
}
const isOver = ({ expiresAt }) => Date.parse(expiresAt) < Date.now();
const Table$3 = ({ keys, revoke }) => a("div", {
	class: "table",
	children: a("table", { children: [a("thead", { children: a("tr", { children: [
		a("th", {
			scope: "col",
			children: "Name"
		}),
		a("th", {
			scope: "col",
			children: "Scope"
		}),
		a("th", {
			scope: "col",
			class: "wide",
			children: "Begins with"
		}),
		a("th", {
			scope: "col",
			class: "wide",
			children: "Last used"
		}),
		a("th", {
			scope: "col",
			children: "Expires"
		}),
		a("th", {
			scope: "col",
			children: a("span", {
				class: "hidden",
				children: "Actions"
			})
		})
	] }) }), a("tbody", { children: keys.map((key) => a("tr", { children: [
		a("td", {
			class: "main",
			children: key.name
		}),
		a("td", { children: a(Badge, {
			tone: key.scope === "WRITE" ? "warn" : "",
			children: key.scope.toLowerCase()
		}) }),
		a("td", {
			class: "wide",
			children: a("code", { children: [key.start, "…"] })
		}),
		a("td", {
			class: "wide",
			children: key.lastUsedAt ? a(Moment, { at: key.lastUsedAt }) : a("span", {
				class: "quiet",
				children: "never"
			})
		}),
		a("td", { children: isOver(key) ? a(Badge, {
			tone: "bad",
			children: "expired"
		}) : dayText(key.expiresAt) }),
		a("td", {
			class: "end",
			children: a("button", {
				type: "button",
				class: "link",
				onClick: () => revoke(key),
				children: ["Revoke", a("span", {
					class: "hidden",
					children: [" ", key.name]
				})]
			})
		})
	] }, key.id)) })] })
});
function Create({ onDone, onClose }) {
	const [name, setName] = d("");
	const [scope, setScope] = d("READ");
	const [days, setDays] = d("90");
	return a(Confirm, {
		title: "Create an API key",
		action: "Create",
		isReady: name.trim() !== "" && Number(days) > 0,
		run: () => client.createApiKey({
			name: name.trim(),
			scope,
			expiresInDays: Number(days)
		}),
		onDone: ({ key }) => onDone(key),
		onClose,
		children: [
			a(Field, {
				label: "Name",
				hint: "What uses the key",
				children: a("input", {
					autocomplete: "off",
					required: true,
					maxLength: 100,
					value: name,
					onInput: ({ currentTarget }) => setName(currentTarget.value)
				})
			}),
			a(Select, {
				label: "Scope",
				value: scope,
				options: [["READ", "Read: users and the audit log"], ["WRITE", "Write: also manage users"]],
				onChange: (value) => setScope(value === "WRITE" ? "WRITE" : "READ")
			}),
			a(Field, {
				label: "Days until it expires",
				children: a("input", {
					type: "number",
					min: 1,
					max: 366,
					required: true,
					value: days,
					onInput: ({ currentTarget }) => setDays(currentTarget.value)
				})
			})
		]
	});
}
const Created = ({ apiKey, onClose }) => a(Dialog, {
	title: "Your new API key",
	onClose,
	children: [
		a("p", { children: "Copy it now. It is never shown again." }),
		a("p", {
			class: "secret",
			children: [
				a("code", { children: apiKey }),
				" ",
				a(Copy, { text: apiKey })
			]
		}),
		a("div", {
			class: "buttons",
			children: a("button", {
				type: "button",
				class: "primary",
				onClick: onClose,
				children: "Done"
			})
		})
	]
});
// src/audit/event-types.ts
const auditEvents = {
	REGISTERED: "The address was registered.",
	LOGIN_SUCCEEDED: "The password was right: a sign-in code was mailed, or `stepUp` confirmed the identity.",
	LOGIN_FAILED: "The password was wrong, or the account has none.",
	LOGIN_LOCKED: "Too many wrong passwords; the client is locked out temporarily. Recorded once per window.",
	OTP_REQUESTED: "A code was requested: for a sign-in, `stepUp` or a new address.",
	OTP_VERIFIED: "A sign-in code opened a session, or was right and a second factor is required, or a code of `requestStepUp` confirmed the identity.",
	OTP_FAILED: "A code was wrong, expired or already used.",
	OTP_LOCKED: "Too many wrong codes; the client is locked out temporarily. Recorded once per window.",
	FACTOR_ENROLLED: "The owner enrolled a second factor. With the first one, all other sessions ended.",
	FACTOR_REMOVED: "The owner removed a second factor, or undid a change of the address.",
	FACTOR_VERIFIED: "The proof of a second factor opened a session, or confirmed the identity.",
	FACTOR_FAILED: "The proof of a second factor was wrong, or already used.",
	RECOVERY_CODES_RENEWED: "The owner replaced the recovery codes.",
	DEVICE_TRUSTED: "A browser was trusted with a second factor, and needs none until it expires.",
	DEVICE_TRUST_ENDED: "The owner removed a trusted device.",
	FACTOR_ENROLMENT_UNDONE: "The enrolment of the first factor was undone; all factors and the password were removed, and all sessions ended.",
	FACTOR_RESET_REQUESTED: "An administrator or operator requested the removal of all factors.",
	FACTOR_RESET_CANCELLED: "The owner cancelled the requested removal of all factors.",
	FACTORS_RESET: "All factors were removed, as an administrator or operator had requested.",
	PASSKEY_ADDED: "The owner added a passkey.",
	PASSKEY_RENAMED: "The owner renamed a passkey.",
	PASSKEY_REMOVED: "The owner removed a passkey, or undid a change of the address.",
	PASSKEY_VERIFIED: "A passkey opened a session.",
	PASSKEY_FAILED: "A passkey was refused. The reason `COUNTER` means that its signature counter went back: it was copied.",
	PASSWORD_RESET_REQUESTED: "A reset code was requested.",
	PASSWORD_RESET: "The password was reset with a code; all sessions were ended.",
	PASSWORD_CHANGED: "The owner set a new password; all other sessions ended.",
	EMAIL_CHANGE_REQUESTED: "A change of the address was requested: the new one got a code, the old one a notice.",
	EMAIL_CHANGED: "The address of the account changed.",
	EMAIL_CHANGE_UNDONE: "A change of the address was undone; all sessions ended, and the password, API keys and recent second factors were removed.",
	PROFILE_UPDATED: "The names or the role of the account changed.",
	TOKEN_REFRESHED: "A refresh token was exchanged.",
	TOKEN_REUSED: "A used refresh token was presented again; its session was ended.",
	SESSION_REVOKED: "A session was ended by the owner from another session, by an administrator or operator, or because a limit was exceeded.",
	LOGGED_OUT: "The owner ended a session.",
	USER_CREATED: "An administrator created the user.",
	USER_DISABLED: "An administrator disabled the user; all sessions were ended.",
	USER_ENABLED: "An administrator enabled the user.",
	USER_UNLOCKED: "An administrator cleared the failed attempts of the address.",
	USER_DELETED: "The user deleted the account, or an administrator did.",
	ROLE_CHANGED: "An administrator changed the role of the user.",
	API_KEY_CREATED: "An administrator or operator created an API key.",
	API_KEY_REVOKED: "An administrator or operator revoked an API key, or its creator undid a change of the address.",
	WEBHOOK_CREATED: "An administrator or operator created a webhook.",
	WEBHOOK_UPDATED: "An administrator or operator changed a webhook, or switched it on or off.",
	WEBHOOK_DELETED: "An administrator or operator deleted a webhook.",
	WEBHOOK_SECRET_ROTATED: "An administrator or operator gave a webhook a new secret.",
	WEBHOOK_REDELIVERED: "An administrator or operator sent a message to a webhook again.",
	WEBHOOK_SWITCHED_OFF: "A worker switched off a webhook that had failed for three days.",
	RATE_LIMITED: "A rate limit was exceeded. Recorded once per window."
};
// console/src/route.ts
function decoded(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
function readRoute() {
	const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
	const [section = "", id] = path.split("/").map(decoded);
	return {
		section,
		id,
		params: Object.fromEntries(new URLSearchParams(query))
	};
}
function linkTo(path, params = {}) {
	const given = Object.entries(params).filter(([, value]) => value !== "");
	return `#/${path}${given.length > 0 ? `?${new URLSearchParams(given)}` : ""}`;
}
function replaceRoute(link) {
	history.replaceState(null, "", link);
	dispatchEvent(new HashChangeEvent("hashchange"));
}
function useRoute() {
	const [route, setRoute] = d(readRoute);
	A(() => {
		const update = () => setRoute(readRoute());
		addEventListener("hashchange", update);
		return () => removeEventListener("hashchange", update);
	}, []);
	return route;
}
// console/src/event-table.tsx
const descriptions = auditEvents;
function toneOf(event) {
	if (/LOCKED$|LIMITED|REUSED|DISABLED|DELETED/.test(event) && event !== "USER_UNLOCKED") return "bad";
	if (/FAILED$|REVOKED/.test(event)) return "warn";
	return /SUCCEEDED|VERIFIED|REGISTERED|ENABLED/.test(event) ? "good" : "";
}
function EventTable({ rows, isBusy }) {
	const [open, setOpen] = d();
	return a("div", {
		class: "table",
		"aria-busy": isBusy,
		children: a("table", {
			class: "events",
			children: [a("thead", { children: a("tr", { children: [
				a("th", {
					scope: "col",
					children: "Time"
				}),
				a("th", {
					scope: "col",
					children: "Event"
				}),
				a("th", {
					scope: "col",
					children: "Address"
				}),
				a("th", {
					scope: "col",
					class: "wide",
					children: "IP address"
				}),
				a("th", {
					scope: "col",
					children: a("span", {
						class: "hidden",
						children: "Details"
					})
				})
			] }) }), a("tbody", { children: rows.map((row) => a($, { children: [a(Row, {
				row,
				isOpen: row.id === open,
				toggle: setOpen
			}), row.id === open && a("tr", {
				class: "details",
				children: a("td", {
					colSpan: 5,
					children: a(Details, { row })
				})
			})] }, row.id)) })]
		})
	});
}
const Row = ({ row, isOpen, toggle }) => a("tr", { children: [
	a("td", {
		class: "time",
		children: a(Moment, {
			at: row.createdAt,
			exact: true
		})
	}),
	a("td", { children: a(Badge, {
		tone: toneOf(row.event),
		children: words(row.event)
	}) }),
	a("td", {
		class: "main",
		children: row.email && a("a", {
			href: linkTo("audit", { email: row.email }),
			title: "Show only this address",
			children: row.email
		})
	}),
	a("td", {
		class: "wide",
		children: row.ipAddress
	}),
	a("td", {
		class: "end",
		children: a("button", {
			type: "button",
			class: "link",
			"aria-expanded": isOpen,
			onClick: () => toggle(isOpen ? void 0 : row.id),
			children: ["Details", a("span", {
				class: "hidden",
				children: [" of ", words(row.event)]
			})]
		})
	})
] });
const Details = ({ row }) => a("dl", { children: [
	a("dt", { children: "Meaning" }),
	a("dd", { children: descriptions[row.event] ?? words(row.event) }),
	a("dt", { children: "IP address" }),
	a("dd", { children: row.ipAddress || "–" }),
	a("dt", { children: "User agent" }),
	a("dd", { children: row.userAgent || "–" }),
	a("dt", { children: "Metadata" }),
	a("dd", { children: a("pre", { children: JSON.stringify(row.metadata, null, 2) }) }),
	a("dt", { children: "ID" }),
	a("dd", { children: a("code", { children: row.id }) })
] });
// console/src/audit-log.tsx
const names = [["", "Any event"], ...Object.keys(auditEvents).sort().map((name) => [name, words(name)])];
function timeOf(day, isEnd) {
	const time = new Date(`${day}T${isEnd ? "23:59:59.999" : "00:00:00.000"}`);
	return day && !Number.isNaN(time.getTime()) ? time.toISOString() : void 0;
}
function AuditLog({ params }) {
	const { event = "", email = "", from = "", to = "" } = params;
	const filter = {
		...event && { event },
		...email && { email },
		...from && { from: timeOf(from, false) },
		...to && { to: timeOf(to, true) }
	};
	const list = usePages(JSON.stringify(filter), (after) => client.auditLogs({
		first: 50,
		filter,
		...after && { after }
	}));
	const change = (changes) => replaceRoute(linkTo("audit", {
		...params,
		...changes
	}));
	const isFiltered = Object.keys(filter).length > 0;
	return a($, { children: [
		a(Heading, {
			title: "Audit log",
			lead: "Security events of all accounts, the newest first.",
			children: a("button", {
				type: "button",
				onClick: list.reload,
				disabled: list.isLoading,
				children: "Refresh"
			})
		}),
		a("search", {
			class: "filters",
			children: [
				a(Address, {
					email,
					onChange: (text) => change({ email: text })
				}),
				a(Select, {
					label: "Event",
					value: event,
					options: names,
					onChange: (value) => change({ event: value })
				}),
				a(Day, {
					label: "From",
					value: from,
					onChange: (day) => change({ from: day })
				}),
				a(Day, {
					label: "To",
					value: to,
					onChange: (day) => change({ to: day })
				}),
				isFiltered && a("button", {
					type: "button",
					onClick: () => replaceRoute(linkTo("audit")),
					children: "Clear"
				})
			]
		}),
		list.error && a(Failure, {
			error: list.error,
			retry: list.reload
		}),
		!list.rows && list.isLoading && a(Loading, {}),
		list.rows?.length === 0 && a(Empty, { children: isFiltered ? "No event matches." : "No event was recorded yet." }),
		list.rows && list.rows.length > 0 && a(EventTable, {
			rows: list.rows,
			isBusy: list.isLoading
		}),
		a(More, {
			has: list.hasMore,
			busy: list.isLoading,
			more: list.more
		})
	] });
}
function Address({ email, onChange }) {
	const [text, setText] = d(email);
	A(() => setText(email), [email]);
	return a(Field, {
		label: "Address",
		children: a("input", {
			type: "search",
			autocomplete: "off",
			spellcheck: false,
			placeholder: "ada@example.com",
			value: text,
			onInput: ({ currentTarget }) => setText(currentTarget.value),
			onChange: () => onChange(text.trim())
		})
	});
}
const Day = ({ label, value, onChange }) => a(Field, {
	label,
	children: a("input", {
		type: "date",
		value,
		onChange: ({ currentTarget }) => onChange(currentTarget.value)
	})
});
// client/src/passkeys.ts
function createPasskeys(client) {
	let pending = new AbortController();
	const signIn = async (signal, mediation) => {
		const { data, error } = await client.passkeySignInOptions();
		if (error) return failed(error);
		const options = data.options;
		const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
		const found = await ask(() => navigator.credentials.get({
			publicKey,
			signal,
			...mediation && { mediation }
		}));
		if (!found.ok) return found;
		const result = await client.signInWithPasskey({ credential: found.data });
		if (result.error?.code === "NOT_FOUND" && options.rpId) await forget(options.rpId, found.data.id);
		return result;
	};
	return {
		isSupported,
		supportsAutofill: async () => isSupported() && await PublicKeyCredential.isConditionalMediationAvailable?.() === true,
		signIn() {
			pending.abort();
			return isSupported() ? signIn(new AbortController().signal) : unsupported();
		},
		async autofill(signal) {
			pending.abort();
			pending = new AbortController();
			const own = pending.signal;
			const either = signal ? AbortSignal.any([own, signal]) : own;
			for (;;) {
				const round = AbortSignal.any([either, AbortSignal.timeout(RENEWAL)]);
				const result = await signIn(round, "conditional");
				if (either.aborted) return void 0;
				if (!round.aborted) return result;
			}
		},
		async add(name) {
			if (!isSupported()) return unsupported();
			pending.abort();
			const { data, error } = await client.passkeyRegistrationOptions();
			if (error) return failed(error);
			const options = data.options;
			const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
			const created = await ask(() => navigator.credentials.create({ publicKey }));
			if (!created.ok) return created;
			return client.registerPasskey({
				credential: created.data,
				...name && { name }
			});
		},
		async prove(challengeId) {
			if (!isSupported()) return unsupported();
			pending.abort();
			const { data, error } = await (challengeId === void 0 ? client.passkeyStepUpOptions() : client.passkeyFactorOptions({ challengeId }));
			if (error) return failed(error);
			const options = data.options;
			const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
			const found = await ask(() => navigator.credentials.get({ publicKey }));
			return found.ok ? {
				ok: true,
				data: { passkey: found.data }
			} : found;
		},
		list: async () => announce(await client.passkeys()),
		rename: (id, name) => client.renamePasskey({
			id,
			name
		}),
		remove: async (id) => announce(await client.removePasskey({ id })),
		async updateDetails({ email, firstName, lastName }) {
			const { data } = await client.passkeys();
			if (!data?.userId) return;
			const { rpId, userId } = data;
			const details = {
				rpId,
				userId,
				name: email,
				displayName: [firstName, lastName].filter(Boolean).join(" ") || email
			};
			await quietly(() => signals().signalCurrentUserDetails?.(details));
		}
	};
}
const RENEWAL = 24e4;
const isSupported = () => typeof PublicKeyCredential === "function" && typeof PublicKeyCredential.parseCreationOptionsFromJSON === "function";
const signals = () => PublicKeyCredential;
const failed = (error) => ({
	ok: false,
	error
});
const unsupported = async () => failed({
	code: "UNSUPPORTED",
	message: "This browser has no passkeys."
});
async function ask(run) {
	try {
		const data = (await run())?.toJSON();
		if (data) return {
			ok: true,
			data
		};
		return failed({
			code: "CANCELLED",
			message: "No passkey was chosen."
		});
	} catch (cause) {
		const code = cause.name === "InvalidStateError" ? "ALREADY_ADDED" : "CANCELLED";
		return failed({
			code,
			message: String(cause.message),
			cause
		});
	}
}
async function announce(result) {
	const { rpId, userId, passkeys = [] } = result.data ?? {};
	if (rpId && userId && isSupported()) {
		const accepted = {
			rpId,
			userId,
			allAcceptedCredentialIds: passkeys.map(({ credentialId }) => credentialId)
		};
		await quietly(() => signals().signalAllAcceptedCredentials?.(accepted));
	}
	return result;
}
const forget = (rpId, credentialId) => quietly(() => signals().signalUnknownCredential?.({
	rpId,
	credentialId
}));
async function quietly(signal) {
	try {
		await signal();
	} catch {}
}
// console/src/passkeys.ts
const passkeys = createPasskeys(client);
const hasPasskeys = passkeys.isSupported() && !/^[\d.]+$|^\[/.test(location.hostname);
// console/src/enrolment.tsx
function Enrolment() {
	const [app, setApp] = d();
	const [codes, setCodes] = d();
	const [busy, setBusy] = d(false);
	const [error, setError] = d();
	const attempt = async (run, onDone) => {
		setBusy(true);
		setError(void 0);
		const result = await run();
		setBusy(false);
		setError(result.error);
		if (result.ok) onDone(result.data);
	};
	const finish = ({ recoveryCodes }) => recoveryCodes.length > 0 ? setCodes(recoveryCodes) : setFactorRequired(false);
	const setUpApp = () => attempt(() => withStepUp(() => client.enrollTotp()), setApp);
	const confirmApp = (totp) => attempt(() => withStepUp(() => client.confirmTotp({ totp })), finish);
	const addPasskey = () => attempt(() => withStepUp(() => passkeys.add()), finish);
	if (codes) return a(RecoveryCodes, { codes });
	return a("main", {
		class: "card",
		children: [
			a(Heading, { title: app ? "Set up your app" : "Add a second factor" }),
			app ? a(AppCode, {
				app,
				busy,
				onCode: (totp) => void confirmApp(totp)
			}) : a($, { children: [
				a("p", { children: "This service requires one of administrators: the mailbox alone is not enough." }),
				hasPasskeys && a("button", {
					type: "button",
					class: "primary",
					disabled: busy,
					onClick: () => void addPasskey(),
					children: "Add a passkey"
				}),
				a("button", {
					type: "button",
					class: "primary",
					disabled: busy,
					onClick: () => void setUpApp(),
					children: "Set up an authenticator app"
				})
			] }),
			error && a(Failure, { error }),
			a("button", {
				type: "button",
				class: "link",
				onClick: () => void client.logout(),
				children: "Log out"
			})
		]
	});
}
function AppCode({ app: { qrCode, secret }, busy, onCode }) {
	const [text, setText] = d("");
	const submit = (event) => {
		event.preventDefault();
		onCode(text);
	};
	return a("form", {
		onSubmit: submit,
		children: [
			a("p", {
				class: "quiet",
				children: "Scan the code with an authenticator app, or type the key into it."
			}),
			a("img", {
				class: "qr-code",
				alt: "QR code with the key for your app",
				src: `data:image/svg+xml,${encodeURIComponent(qrCode)}`
			}),
			a("p", { children: ["Key: ", a("code", { children: (secret.match(/.{1,4}/g) ?? []).join(" ") })] }),
			a(Field, {
				label: "Code of the app",
				children: a("input", {
					class: "code",
					inputMode: "numeric",
					autocomplete: "one-time-code",
					required: true,
					value: text,
					onInput: ({ currentTarget }) => setText(currentTarget.value)
				})
			}),
			a("button", {
				type: "submit",
				class: "primary",
				disabled: busy,
				children: "Turn on"
			})
		]
	});
}
const RecoveryCodes = ({ codes }) => a("main", {
	class: "card",
	children: [
		a(Heading, {
			title: "Keep your recovery codes",
			children: a(Copy, { text: codes.join("\n") })
		}),
		a("p", { children: "Without your device, each of them signs you in once. They are not shown again." }),
		a("ol", {
			class: "recovery-codes",
			children: codes.map((code) => a("li", { children: a("code", { children: code }) }, code))
		}),
		a("button", {
			type: "button",
			class: "primary",
			onClick: () => setFactorRequired(false),
			children: "I have kept them"
		})
	]
});
// console/src/live.tsx
const INTERVAL = 3e3;
const LONGEST = 6e4;
const MOST = 200;
function useFeed(isPaused) {
	const [feed, setFeed] = d({
		rows: void 0,
		error: void 0
	});
	const newest = T(void 0);
	A(() => {
		if (isPaused) return;
		let timer;
		let pause = INTERVAL;
		let isReading = false;
		let isOver = false;
		const read = async () => {
			if (isReading || isOver || document.hidden) return;
			isReading = true;
			const { data, error } = await client.auditLogs(newest.current ? {
				last: 100,
				before: newest.current
			} : { first: 25 });
			isReading = false;
			if (isOver) return;
			pause = error ? Math.min(2 * pause, LONGEST) : INTERVAL;
			newest.current = data?.pageInfo.startCursor ?? newest.current;
			const rows = data?.edges.map(({ node }) => node) ?? [];
			setFeed((last) => ({
				rows: data || last.rows ? [...rows, ...last.rows ?? []].slice(0, MOST) : void 0,
				error
			}));
			clearTimeout(timer);
			timer = setTimeout(() => void read(), pause);
		};
		const onVisible = () => {
			clearTimeout(timer);
			read();
		};
		document.addEventListener("visibilitychange", onVisible);
		read();
		return () => {
			isOver = true;
			clearTimeout(timer);
			document.removeEventListener("visibilitychange", onVisible);
		};
	}, [isPaused]);
	return feed;
}
function Live() {
	const [isPaused, setPaused] = d(false);
	const { rows, error } = useFeed(isPaused);
	return a($, { children: [
		a(Heading, {
			title: "Live",
			lead: "New events appear within a few seconds.",
			children: [a("span", {
				class: `pulse ${isPaused || error ? "off" : ""}`,
				"aria-hidden": "true"
			}), a("button", {
				type: "button",
				"aria-pressed": isPaused,
				onClick: () => setPaused(!isPaused),
				children: isPaused ? "Continue" : "Pause"
			})]
		}),
		error && a(Failure, { error }),
		!rows && !error && a(Loading, {}),
		rows?.length === 0 && a(Empty, { children: "No event yet. Sign in somewhere, and it appears here." }),
		rows && rows.length > 0 && a(EventTable, {
			rows,
			isBusy: false
		})
	] });
}
// console/src/outbox.tsx
function Outbox() {
	const found = useLoad("", () => client.outbox());
	return a($, { children: [
		a(Heading, {
			title: "Outbox",
			lead: "Mails and audit events wait here for a worker.",
			children: a("button", {
				type: "button",
				onClick: found.reload,
				disabled: found.isLoading,
				children: "Refresh"
			})
		}),
		found.error && a(Failure, {
			error: found.error,
			retry: found.reload
		}),
		!found.data && !found.error && a(Loading, {}),
		found.data && a(Queues, { state: found.data }),
		found.data && a(Failed, { state: found.data })
	] });
}
const Queues = ({ state: { waiting } }) => a("div", {
	class: "tiles",
	children: waiting.map(({ kind, count, oldest }) => a("div", {
		class: "panel",
		children: [
			a("h2", { children: words(kind) }),
			a("p", {
				class: "total",
				children: [
					count.toLocaleString(),
					" ",
					a("span", {
						class: "quiet",
						children: "waiting"
					})
				]
			}),
			a("p", {
				class: "quiet",
				children: count > 0 ? `The oldest for ${duration(oldest)}` : "Nothing is waiting."
			})
		]
	}, kind))
});
const Failed = ({ state: { failed } }) => a("section", { children: [a("h2", { children: "Failed" }), failed.length === 0 ? a(Empty, { children: "Nothing has failed." }) : a($, { children: [a("div", {
	class: "table",
	children: a("table", { children: [a("thead", { children: a("tr", { children: [
		a("th", {
			scope: "col",
			children: "Kind"
		}),
		a("th", {
			scope: "col",
			children: "Outcome"
		}),
		a("th", {
			scope: "col",
			children: "Last error"
		}),
		a("th", {
			scope: "col",
			class: "wide number",
			children: "Attempts"
		}),
		a("th", {
			scope: "col",
			class: "wide",
			children: "Created"
		}),
		a("th", {
			scope: "col",
			class: "wide",
			children: "ID"
		})
	] }) }), a("tbody", { children: failed.map((entry) => a("tr", { children: [
		a("td", { children: words(entry.kind) }),
		a("td", { children: a(Badge, {
			tone: "bad",
			children: words(entry.outcome)
		}) }),
		a("td", {
			class: "main",
			children: entry.lastError ?? "–"
		}),
		a("td", {
			class: "wide number",
			children: entry.attempts
		}),
		a("td", {
			class: "wide",
			children: a(Moment, { at: entry.createdAt })
		}),
		a("td", {
			class: "wide",
			children: a("code", { children: entry.id })
		})
	] }, entry.id)) })] })
}), a("p", {
	class: "quiet more",
	children: [
		"Retry an entry with ",
		a("code", { children: "npx gatehouse outbox retry ID" }),
		"."
	]
})] })] });
// src/audit/tally-intervals.ts
const periods = {
	hours: {
		length: 36e5,
		count: 24
	},
	days: {
		length: 864e5,
		count: 30
	}
};
const MOST_TALLIED = 1e4;
function tallyIntervals(period, now) {
	const { length, count } = periods[period];
	const end = Math.floor(now / length + 1) * length;
	return {
		length,
		starts: Array.from({ length: count }, (_, i) => end - (count - i) * length)
	};
}
// console/src/chart.tsx
const HEIGHT = 120;
const STEP = 10;
const BAR = 7;
const sumOf = (values) => values.reduce((sum, value) => sum + value, 0);
function ceilingOf(value) {
	const unit = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
	return [
		1,
		2,
		4,
		5,
		10
	].map((step) => step * unit).find((step) => step >= Math.max(value, 4)) ?? Math.max(value, 4);
}
function Chart({ title, about, labels, series, most }) {
	const totals = labels.map((_, index) => sumOf(series.map(({ values }) => values[index] ?? 0)));
	const top = ceilingOf(Math.max(...totals));
	const total = sumOf(totals);
	const isCapped = series.some(({ values }) => values.some((value) => value >= most));
	return a("section", {
		class: "panel chart",
		children: [
			a("h2", { children: title }),
			a("p", {
				class: "total",
				children: [total.toLocaleString(), isCapped && "+"]
			}),
			a("p", {
				class: "quiet",
				children: about
			}),
			a("figure", { children: [a("div", {
				class: "plot",
				"aria-hidden": "true",
				children: [
					a("span", {
						class: "top",
						children: top.toLocaleString()
					}),
					a("svg", {
						viewBox: `0 0 ${labels.length * STEP} ${HEIGHT}`,
						preserveAspectRatio: "none",
						"aria-hidden": "true",
						children: labels.map((label, index) => a(Bar, {
							label,
							index,
							series,
							top
						}, label))
					}),
					a("div", {
						class: "axis",
						children: [
							a("span", { children: labels[0] }),
							a("span", { children: labels[Math.floor(labels.length / 2)] }),
							a("span", { children: labels.at(-1) })
						]
					})
				]
			}), a("figcaption", {
				class: "legend",
				children: series.map(({ name, values }, index) => a("span", {
					class: `series-${index}`,
					children: [
						name,
						" ",
						a("b", { children: sumOf(values).toLocaleString() })
					]
				}, name))
			})] }),
			a(Numbers, {
				title,
				labels,
				series
			})
		]
	});
}
function Bar({ label, index, series, top }) {
	const x = index * STEP + 3 / 2;
	const heights = series.map(({ values }) => (values[index] ?? 0) / top * HEIGHT);
	return a("g", { children: [
		a("title", { children: `${label}\n${series.map(({ name, values }) => `${name}: ${values[index] ?? 0}`).join("\n")}` }),
		a("rect", {
			class: "area",
			x: index * STEP,
			y: 0,
			width: STEP,
			height: HEIGHT
		}),
		heights.map((height, each) => a("rect", {
			class: `series-${each}`,
			x,
			y: HEIGHT - sumOf(heights.slice(0, each + 1)),
			width: BAR,
			height
		}, series[each]?.name))
	] });
}
const Numbers = ({ title, labels, series }) => a("details", { children: [a("summary", { children: "Show as a table" }), a("div", {
	class: "table",
	children: a("table", { children: [
		a("caption", {
			class: "hidden",
			children: title
		}),
		a("thead", { children: a("tr", { children: [a("th", {
			scope: "col",
			children: "Time"
		}), series.map(({ name }) => a("th", {
			scope: "col",
			class: "number",
			children: name
		}, name))] }) }),
		a("tbody", { children: labels.map((label, index) => a("tr", { children: [a("th", {
			scope: "row",
			children: label
		}), series.map(({ name, values }) => a("td", {
			class: "number",
			children: (values[index] ?? 0).toLocaleString()
		}, name))] }, label)) })
	] })
})] });
// console/src/overview.tsx
const ranges = {
	hours: "24 hours",
	days: "30 days"
};
const charts = [
	{
		title: "Sign-ins",
		about: "Codes verified and addresses registered",
		events: {
			OTP_VERIFIED: "Code verified",
			REGISTERED: "Registered"
		}
	},
	{
		title: "Failures",
		about: "Wrong passwords, wrong codes and reused tokens",
		events: {
			LOGIN_FAILED: "Password",
			OTP_FAILED: "Code",
			TOKEN_REUSED: "Token"
		}
	},
	{
		title: "Limits",
		about: "Requests limited and clients locked out",
		events: {
			RATE_LIMITED: "Rate limit",
			LOGIN_LOCKED: "Password lock",
			OTP_LOCKED: "Code lock"
		}
	}
];
const hour = new Intl.DateTimeFormat(void 0, {
	weekday: "short",
	hour: "2-digit",
	minute: "2-digit"
});
const day = new Intl.DateTimeFormat(void 0, {
	day: "numeric",
	month: "short",
	timeZone: "UTC"
});
function Overview({ params }) {
	const range = params.range === "days" ? "days" : "hours";
	const isHours = range === "hours";
	const found = useLoad(range, () => client.eventCounts({
		hours: isHours,
		days: !isHours
	}));
	const counts = found.data?.[range];
	return a($, { children: [
		a(Heading, {
			title: "Overview",
			lead: "Sign-ins, failures and limits, from the audit log.",
			children: [a("nav", {
				class: "tabs",
				"aria-label": "Time",
				children: Object.entries(ranges).map(([name, title]) => a("a", {
					href: linkTo("", { range: name }),
					"aria-current": name === range ? "true" : void 0,
					children: title
				}, name))
			}), a("button", {
				type: "button",
				onClick: found.reload,
				disabled: found.isLoading,
				children: "Refresh"
			})]
		}),
		found.error && a(Failure, {
			error: found.error,
			retry: found.reload
		}),
		!counts && !found.error && a(Loading, {}),
		counts && a(Charts, {
			counts,
			range
		})
	] });
}
function Charts({ counts, range }) {
	const { starts } = tallyIntervals(range, Date.now());
	const format = range === "hours" ? hour : day;
	const countOf = (event, start) => counts.find((each) => each.event === event && Date.parse(each.since) === start)?.count ?? 0;
	return a("div", {
		class: "charts",
		children: charts.map(({ title, about, events }) => a(Chart, {
			title,
			about,
			most: MOST_TALLIED,
			labels: starts.map((start) => format.format(start)),
			series: Object.entries(events).map(([event, name]) => ({
				name,
				values: starts.map((start) => countOf(event, start))
			}))
		}, title))
	});
}
// client/src/sign-in.ts
const initial = {
	step: "address",
	email: "",
	isBusy: false,
	error: void 0,
	blocked: void 0,
	blockedFor: 0,
	resendIn: 0,
	factors: [],
	challengeId: void 0,
	trustDeviceDays: void 0,
	user: void 0
};
function createSignIn(client, options = {}) {
	return new SignInMachine(client, options.resendAfter ?? 30);
}
var SignInMachine = class {
	#client;
	#resendAfter;
	#listeners = new Set();
	#state = initial;
	#challengeId = "";
	#again;
	#until = {
		blocked: 0,
		resend: 0
	};
	#timer;
	#round = 0;
	constructor(client, resendAfter) {
		this.#client = client;
		this.#resendAfter = resendAfter;
	}
	getState = () => this.#state;
	subscribe = (listener) => {
		this.#listeners.add(listener);
		this.#tick();
		return () => {
			this.#listeners.delete(listener);
			this.#tick();
		};
	};
	sendCode = (email) => this.#mail(email, () => this.#client.requestOtp({ email }));
	choosePassword = (email) => {
		if (!this.#state.isBusy) this.#set({
			step: "password",
			email,
			error: void 0
		});
	};
	submitPassword = (password) => {
		const { email } = this.#state;
		return this.#mail(email, () => this.#client.login({
			email,
			password
		}));
	};
	register = (input) => this.#mail(input.email, () => this.#client.register(input));
	resend = async () => {
		if (this.#again) await this.#mail(this.#state.email, this.#again);
	};
	submitCode = async (otp) => {
		const { email } = this.#state;
		const data = await this.#attempt(() => this.#client.verifyOtp({
			email,
			otp,
			challengeId: this.#challengeId
		}));
		const { error } = this.#state;
		if (error?.code === "MFA_REQUIRED") {
			this.#again = void 0;
			this.#challengeId = error.challengeId;
			const { factors, challengeId, trustDeviceDays } = error;
			const asked = {
				factors,
				challengeId,
				trustDeviceDays
			};
			this.#set({
				step: "factor",
				...asked,
				error: void 0,
				resendIn: 0
			});
		} else if (data) this.#finish(data.user);
	};
	submitFactor = async (proof) => {
		const { email } = this.#state;
		const data = await this.#attempt(() => this.#client.verifyFactor({
			...proof,
			email,
			challengeId: this.#challengeId
		}));
		if (data) this.#finish(data.user);
	};
	#finish(user) {
		this.#again = void 0;
		this.#set({
			step: "done",
			user,
			resendIn: 0
		});
	}
	restart = () => {
		this.#round += 1;
		this.#again = void 0;
		this.#until.resend = 0;
		const { email, blocked, blockedFor } = this.#state;
		this.#set({
			...initial,
			email,
			blocked,
			blockedFor
		});
	};
	async #mail(email, ask) {
		const data = await this.#attempt(ask, email);
		if (!data) return;
		this.#challengeId = data.challengeId;
		this.#again = ask;
		this.#until.resend = Date.now() + this.#resendAfter * 1e3;
		this.#set({
			step: "code",
			resendIn: this.#resendAfter
		});
		this.#tick();
	}
	async #attempt(operation, email = this.#state.email) {
		if (this.#state.isBusy) return void 0;
		const round = this.#round;
		this.#set({
			email,
			isBusy: true,
			error: void 0
		});
		const { data, error } = await operation();
		if (round !== this.#round) return void 0;
		if (error && "retryAfter" in error) this.#until.blocked = Date.now() + error.retryAfter * 1e3;
		const blocked = error && blocks[error.code];
		this.#set({
			isBusy: false,
			error,
			blocked,
			...this.#seconds()
		});
		this.#tick();
		return data;
	}
	#seconds() {
		const left = (time) => Math.max(0, Math.ceil((time - Date.now()) / 1e3));
		return {
			blockedFor: left(this.#until.blocked),
			resendIn: left(this.#until.resend)
		};
	}
	#tick() {
		const seconds = this.#seconds();
		if ((seconds.blockedFor > 0 || seconds.resendIn > 0) && this.#listeners.size > 0) this.#timer ??= setInterval(() => this.#tick(), 1e3);
		else {
			clearInterval(this.#timer);
			this.#timer = void 0;
		}
		const { blocked, blockedFor, resendIn } = this.#state;
		if (blockedFor === seconds.blockedFor && resendIn === seconds.resendIn) return;
		this.#set({
			...seconds,
			blocked: seconds.blockedFor > 0 ? blocked : void 0
		});
	}
	#set(changes) {
		this.#state = {
			...this.#state,
			...changes
		};
		for (const listener of this.#listeners) listener();
	}
};
const blocks = {
	LOCKED: "locked",
	RATE_LIMITED: "limited",
	UNAVAILABLE: "unavailable"
};
// console/src/factor-proof.tsx
const proofOf = (text) => text.replaceAll(/[\s-]/g, "").length > 6 ? { recoveryCode: text } : { totp: text };
const FactorCode = ({ factors, text, setText }) => a(Field, {
	label: "Code",
	hint: factors.includes("TOTP") ? "Six digits of your authenticator app, or a recovery code" : "One of your recovery codes",
	children: a("input", {
		class: "code",
		autocomplete: "one-time-code",
		required: true,
		autofocus: true,
		value: text,
		onInput: ({ currentTarget }) => setText(currentTarget.value)
	})
});
function PasskeyButton({ factors, challengeId, disabled, onProof, onError }) {
	if (!hasPasskeys || !factors.includes("PASSKEY")) return null;
	const ask = async () => {
		const { data, error } = await passkeys.prove(challengeId);
		if (data) onProof(data);
		else onError(error);
	};
	return a("button", {
		type: "button",
		disabled,
		onClick: () => void ask(),
		children: "Use a passkey"
	});
}
// console/src/sign-in.tsx
function SignIn() {
	const [signIn] = d(() => createSignIn(client));
	const state = useStore(signIn.subscribe, signIn.getState);
	const [email, setEmail] = d("");
	const [text, setText] = d("");
	const [passkeyError, setPasskeyError] = d();
	const { step, isBusy, blockedFor, resendIn, factors, challengeId } = state;
	const error = state.error ?? passkeyError;
	const submit = (event) => {
		event.preventDefault();
		setPasskeyError(void 0);
		if (step === "address") signIn.sendCode(email.trim());
		if (step === "password") signIn.submitPassword(text).then(() => setText(""));
		if (step === "code") signIn.submitCode(text).then(() => setText(""));
		if (step === "factor") signIn.submitFactor(proofOf(text));
	};
	const signInByPasskey = async () => setPasskeyError((await passkeys.signIn()).error);
	const restart = () => {
		setText("");
		setPasskeyError(void 0);
		signIn.restart();
	};
	return a("main", {
		class: "card sign-in",
		children: [
			a("h1", { children: titles[step] }),
			a("form", {
				onSubmit: submit,
				children: [
					step === "address" ? a($, { children: [a("p", {
						class: "quiet",
						children: "For administrators. Gatehouse mails you a code."
					}), a(Field, {
						label: "E-mail address",
						children: a("input", {
							type: "email",
							autocomplete: "username",
							required: true,
							autofocus: true,
							value: email,
							onInput: ({ currentTarget }) => setEmail(currentTarget.value)
						})
					})] }) : step === "factor" ? a($, { children: [a(PasskeyButton, {
						factors,
						challengeId,
						disabled: isBusy,
						onProof: (proof) => void signIn.submitFactor(proof),
						onError: setPasskeyError
					}), a(FactorCode, {
						factors,
						text,
						setText
					})] }) : a(Secret, {
						step,
						email: state.email,
						text,
						setText
					}),
					error && a(Failure, { error }),
					a("button", {
						type: "submit",
						class: "primary",
						disabled: isBusy || blockedFor > 0,
						children: buttons[step]
					})
				]
			}, step),
			step === "address" && hasPasskeys && a("button", {
				type: "button",
				class: "link",
				onClick: () => void signInByPasskey(),
				children: "Sign in with a passkey"
			}),
			step === "address" && a("button", {
				type: "button",
				class: "link",
				onClick: () => signIn.choosePassword(email.trim()),
				disabled: isBusy || email.trim() === "",
				children: "Use a password"
			}),
			step === "code" && a("button", {
				type: "button",
				class: "link",
				onClick: () => void signIn.resend(),
				disabled: isBusy || resendIn > 0,
				children: resendIn > 0 ? `Send another code in ${resendIn} s` : "Send another code"
			}),
			step !== "address" && a("button", {
				type: "button",
				class: "link",
				onClick: restart,
				children: "Use another address"
			})
		]
	});
}
const titles = {
	address: "Sign in",
	password: "Enter your password",
	code: "Enter the code",
	factor: "Confirm that it is you",
	done: "Signed in"
};
const buttons = {
	address: "Mail me a code",
	password: "Continue",
	code: "Sign in",
	factor: "Sign in",
	done: "Signed in"
};
function Secret({ step, email, text, setText }) {
	const onInput = ({ currentTarget }) => setText(currentTarget.value);
	return step === "password" ? a(Field, {
		label: "Password",
		hint: `For ${email}`,
		children: a("input", {
			type: "password",
			autocomplete: "current-password",
			required: true,
			autofocus: true,
			value: text,
			onInput
		})
	}) : a(Field, {
		label: "Code",
		hint: `Six digits, mailed to ${email}`,
		children: a("input", {
			class: "code",
			inputMode: "numeric",
			autocomplete: "one-time-code",
			required: true,
			autofocus: true,
			value: text,
			onInput
		})
	});
}
// console/src/signing-keys.tsx
const tones$2 = {
	SIGNING: "good",
	WAITING: "accent",
	DROPPED: "bad"
};
function SigningKeys() {
	const found = useLoad("", () => client.signingKeys());
	const { data: keys, error } = found;
	return a($, { children: [
		a(Heading, {
			title: "Signing keys",
			lead: a($, { children: [
				"They sign access tokens. Rotate them with ",
				a("code", { children: "npx gatehouse keys rotate" }),
				"."
			] })
		}),
		error && a(Failure, {
			error,
			retry: found.reload
		}),
		!keys && !error && a(Loading, {}),
		keys && a(Keys, { keys })
	] });
}
const Keys = ({ keys }) => a("div", {
	class: "table",
	children: a("table", { children: [a("thead", { children: a("tr", { children: [
		a("th", {
			scope: "col",
			children: "Key ID"
		}),
		a("th", {
			scope: "col",
			children: "Algorithm"
		}),
		a("th", {
			scope: "col",
			children: "State"
		}),
		a("th", {
			scope: "col",
			class: "wide",
			children: "Signs from"
		}),
		a("th", {
			scope: "col",
			class: "wide",
			children: "Verifies until"
		})
	] }) }), a("tbody", { children: keys.map((key) => a("tr", { children: [
		a("td", {
			class: "main",
			title: key.kid,
			children: a("code", { children: key.kid })
		}),
		a("td", { children: key.alg }),
		a("td", { children: a(Badge, {
			tone: tones$2[key.state] ?? "",
			children: words(key.state)
		}) }),
		a("td", {
			class: "wide",
			children: a(Moment, { at: key.signsFrom })
		}),
		a("td", {
			class: "wide",
			children: key.verifiesUntil ? a(Moment, { at: key.verifiesUntil }) : a("span", {
				class: "quiet",
				children: "it is replaced"
			})
		})
	] }, key.kid)) })] })
});
// console/src/step-up-dialog.tsx
function StepUp() {
	const pending = useStore(onPendingStepUp, pendingStepUp);
	return pending ? a(Proof, { pending }) : null;
}
function Proof({ pending }) {
	const { proofs, finish } = pending;
	const [proof, setProof] = d(proofs[0]);
	const [challengeId, setChallengeId] = d();
	const [text, setText] = d("");
	const [busy, setBusy] = d(false);
	const [error, setError] = d();
	const attempt = async (work) => {
		setBusy(true);
		setError(void 0);
		setError(await work());
		setBusy(false);
	};
	const mail = () => attempt(async () => {
		const { data, error } = await client.requestStepUp();
		if (data) setChallengeId(data.challengeId);
		return error;
	});
	const given = () => {
		if (isFactor) return proofOf(text);
		return proof === "PASSWORD" ? { password: text } : {
			otp: text,
			challengeId
		};
	};
	const confirm = (input = given()) => attempt(async () => {
		const { data, error } = await client.stepUp(input);
		if (data) finish(true);
		return error;
	});
	const change = () => {
		setProof(proof === "PASSWORD" ? "CODE" : "PASSWORD");
		setText("");
		setError(void 0);
	};
	const isFactor = proof !== "PASSWORD" && proof !== "CODE";
	const needsMail = proof === "CODE" && challengeId === void 0;
	return a(Dialog, {
		title: "Confirm that it is you",
		onClose: () => finish(false),
		children: a("form", {
			onSubmit: (event) => {
				event.preventDefault();
				if (!busy) needsMail ? mail() : confirm();
			},
			children: [
				a("p", {
					class: "quiet",
					children: "This action needs a proof that is at most ten minutes old."
				}),
				proof === "PASSWORD" && a(Field, {
					label: "Password",
					children: a("input", {
						type: "password",
						autocomplete: "current-password",
						required: true,
						value: text,
						onInput: ({ currentTarget }) => setText(currentTarget.value)
					})
				}),
				proof === "CODE" && !needsMail && a(Field, {
					label: "Code",
					hint: "Gatehouse mailed it to you.",
					children: a("input", {
						inputMode: "numeric",
						autocomplete: "one-time-code",
						required: true,
						value: text,
						onInput: ({ currentTarget }) => setText(currentTarget.value)
					})
				}),
				isFactor && a($, { children: [a(PasskeyButton, {
					factors: proofs,
					disabled: busy,
					onProof: (given) => void confirm(given),
					onError: setError
				}), a(FactorCode, {
					factors: proofs,
					text,
					setText
				})] }),
				error && a(Failure, { error }),
				proofs.length > 1 && !isFactor && a("button", {
					type: "button",
					class: "link",
					onClick: change,
					children: proof === "PASSWORD" ? "Use a mailed code instead" : "Use the password instead"
				}),
				a("div", {
					class: "buttons",
					children: [a("button", {
						type: "button",
						onClick: () => finish(false),
						children: "Cancel"
					}), a("button", {
						type: "submit",
						class: "primary",
						disabled: busy,
						children: needsMail ? "Mail me a code" : "Confirm"
					})]
				})
			]
		})
	});
}
// console/src/user-actions.tsx
const actionsFor$1 = (user) => [...accessActions(user), ...accountActions(user)].filter(({ isUseful }) => isUseful);
function accessActions({ id, email, role, sessions, locks }) {
	const who = a("strong", { children: email });
	const becomesAdmin = role !== "ADMIN";
	return [
		{
			name: "unlock",
			title: "Unlock",
			about: "Resets failed attempts and the limits of mails.",
			isUseful: locks === null || locks.length > 0,
			question: "Unlock this user?",
			confirm: "Unlock",
			text: a($, { children: [who, " can try to sign in again at once."] }),
			run: () => client.unlockUser({ id }),
			notice: "was unlocked."
		},
		{
			name: "sessions",
			title: "End all sessions",
			about: "Signs the user out everywhere.",
			isUseful: sessions.length > 0,
			question: "End all sessions?",
			confirm: "End sessions",
			text: a($, { children: [who, " is signed out on every device, and can sign in again."] }),
			run: () => client.revokeUserSessions({ id }),
			notice: "was signed out."
		},
		{
			name: "role",
			title: becomesAdmin ? "Make administrator" : "Make user",
			about: "Takes effect with the next request.",
			isUseful: true,
			question: "Change the role?",
			confirm: becomesAdmin ? "Make administrator" : "Make user",
			isDangerous: becomesAdmin,
			text: becomesAdmin ? a($, { children: [who, " can then manage all users and read the whole audit log."] }) : a($, { children: [who, " can then no longer use this console."] }),
			run: () => client.setUserRole({
				id,
				role: becomesAdmin ? "ADMIN" : "USER"
			}),
			notice: becomesAdmin ? "is now an administrator." : "is now a user."
		}
	];
}
function accountActions({ id, email, status }) {
	const who = a("strong", { children: email });
	const isDisabled = status === "DISABLED";
	return [
		{
			name: "disable",
			title: "Disable",
			about: "Ends all sessions and blocks new ones.",
			isUseful: !isDisabled,
			question: "Disable this user?",
			confirm: "Disable",
			isDangerous: true,
			text: a($, { children: [
				"All sessions of ",
				who,
				" end, and nobody can sign in to the account until you enable it."
			] }),
			run: () => client.disableUser({ id }),
			notice: "was disabled."
		},
		{
			name: "enable",
			title: "Enable",
			about: "Allows sign-ins again.",
			isUseful: isDisabled,
			question: "Enable this user?",
			confirm: "Enable",
			text: a($, { children: [who, " can sign in again."] }),
			run: () => client.enableUser({ id }),
			notice: "was enabled."
		},
		{
			name: "delete",
			title: "Delete…",
			about: "Removes the user and all personal data.",
			isUseful: true,
			question: "Delete this user?",
			confirm: "Delete",
			isDangerous: true,
			text: a($, { children: [
				"This cannot be undone. The audit log keeps the events under a pseudonym. To confirm, type",
				" ",
				who,
				"."
			] }),
			run: (typed) => client.deleteUser({
				id,
				email: typed
			}),
			notice: "was deleted."
		}
	];
}
function UserAction({ email, action, onDone, onClose }) {
	const [typed, setTyped] = d("");
	const asksAddress = action.name === "delete";
	return a(Confirm, {
		title: action.question,
		action: action.confirm,
		isDangerous: action.isDangerous ?? false,
		isReady: !asksAddress || typed.trim().toLowerCase() === email,
		run: () => action.run(typed.trim()),
		onDone: () => onDone(`${email} ${action.notice}`),
		onClose,
		children: [a("p", { children: action.text }), asksAddress && a(Field, {
			label: "E-mail address of the user",
			children: a("input", {
				type: "text",
				autocomplete: "off",
				spellcheck: false,
				value: typed,
				onInput: ({ currentTarget }) => setTyped(currentTarget.value)
			})
		})]
	});
}
// console/src/users.tsx
function Users({ params }) {
	const { email = "", role = "", status = "" } = params;
	const filter = {
		...email && { email },
		...role && { role },
		...status && { status }
	};
	const list = usePages(JSON.stringify(filter), (after) => client.users({
		first: 25,
		filter,
		...after && { after }
	}));
	const change = (changes) => replaceRoute(linkTo("users", {
		...params,
		...changes
	}));
	return a($, { children: [
		a(Heading, {
			title: "Users",
			lead: "The newest first, or by address while you search."
		}),
		a("search", {
			class: "filters",
			children: [
				a(Search, {
					email,
					onChange: (text) => change({ email: text })
				}),
				a(Select, {
					label: "Role",
					value: role,
					options: [
						["", "Any role"],
						["ADMIN", "Administrators"],
						["USER", "Users"]
					],
					onChange: (value) => change({ role: value })
				}),
				a(Select, {
					label: "Status",
					value: status,
					options: [["", "Any status"], ...statuses],
					onChange: (value) => change({ status: value })
				})
			]
		}),
		list.error && a(Failure, {
			error: list.error,
			retry: list.reload
		}),
		!list.rows && list.isLoading && a(Loading, {}),
		list.rows?.length === 0 && a(Empty, { children: "No user matches." }),
		list.rows && list.rows.length > 0 && a(Table$2, {
			rows: list.rows,
			isBusy: list.isLoading
		}),
		a(More, {
			has: list.hasMore,
			busy: list.isLoading,
			more: list.more
		})
	] });
}
const statuses = [
	["ACTIVE", "Active"],
	["UNVERIFIED", "Unverified"],
	["DISABLED", "Disabled"]
];
function Search({ email, onChange }) {
	const [text, setText] = d(email);
	A(() => setText(email), [email]);
	A(() => {
		if (text.trim() === email) return;
		const timer = setTimeout(() => onChange(text.trim()), 250);
		return () => clearTimeout(timer);
	}, [text]);
	return a(Field, {
		label: "Address begins with",
		children: a("input", {
			type: "search",
			autocomplete: "off",
			spellcheck: false,
			maxLength: 254,
			placeholder: "ada@",
			value: text,
			onInput: ({ currentTarget }) => setText(currentTarget.value)
		})
	});
}
const tones$1 = {
	ACTIVE: "good",
	UNVERIFIED: "warn",
	DISABLED: "bad"
};
const Status = ({ user }) => a(Badge, {
	tone: tones$1[user.status],
	children: user.status.toLowerCase()
});
const Role = ({ role }) => role === "ADMIN" ? a(Badge, {
	tone: "accent",
	children: "admin"
}) : a("span", {
	class: "quiet",
	children: "user"
});
const Table$2 = ({ rows, isBusy }) => a("div", {
	class: "table",
	"aria-busy": isBusy,
	children: a("table", { children: [a("thead", { children: a("tr", { children: [
		a("th", {
			scope: "col",
			children: "Address"
		}),
		a("th", {
			scope: "col",
			class: "wide",
			children: "Name"
		}),
		a("th", {
			scope: "col",
			children: "Role"
		}),
		a("th", {
			scope: "col",
			children: "Status"
		}),
		a("th", {
			scope: "col",
			class: "wide",
			children: "Created"
		}),
		a("th", {
			scope: "col",
			class: "wide",
			children: "Last sign-in"
		})
	] }) }), a("tbody", { children: rows.map((user) => a("tr", { children: [
		a("td", {
			class: "main",
			children: a("a", {
				href: linkTo(`users/${user.id}`),
				children: user.email
			})
		}),
		a("td", {
			class: "wide",
			children: nameOf(user) || a("span", {
				class: "quiet",
				children: "–"
			})
		}),
		a("td", { children: a(Role, { role: user.role }) }),
		a("td", { children: a(Status, { user }) }),
		a("td", {
			class: "wide",
			children: dayText(user.createdAt)
		}),
		a("td", {
			class: "wide",
			children: user.lastLoginAt ? a(Moment, { at: user.lastLoginAt }) : a("span", {
				class: "quiet",
				children: "never"
			})
		})
	] }, user.id)) })] })
});
const nameOf = ({ firstName, lastName }) => [firstName, lastName].filter(Boolean).join(" ");
// console/src/user-page.tsx
function UserPage({ id }) {
	const found = useLoad(id, () => client.user({ id }));
	const [action, setAction] = d();
	const [notice, setNotice] = d("");
	const user = found.data;
	if (!user) return a($, { children: [a(Heading, { title: "User" }), found.error ? a(Failure, {
		error: found.error,
		retry: found.reload
	}) : a(Loading, {})] });
	const finish = (text) => {
		setAction(void 0);
		setNotice(text);
		if (action?.name === "delete") location.hash = linkTo("users");
		else found.reload();
	};
	return a($, { children: [
		a("p", {
			class: "back",
			children: a("a", {
				href: linkTo("users"),
				children: "Users"
			})
		}),
		a(Heading, {
			title: user.email,
			lead: nameOf(user),
			children: a("button", {
				type: "button",
				onClick: found.reload,
				disabled: found.isLoading,
				children: "Refresh"
			})
		}),
		a("p", {
			role: "status",
			class: "notice",
			children: notice
		}),
		found.error && a(Failure, {
			error: found.error,
			retry: found.reload
		}),
		a("div", {
			class: "columns",
			children: [a(Facts$1, { user }), a("section", {
				class: "panel",
				children: [a("h2", { children: "Actions" }), a("ul", {
					class: "choices",
					children: actionsFor$1(user).map((each) => a("li", { children: [a("button", {
						type: "button",
						class: each.name === "delete" ? "danger" : "",
						onClick: () => setAction(each),
						children: each.title
					}), a("span", {
						class: "quiet",
						children: each.about
					})] }, each.name))
				})]
			})]
		}),
		a(Locks, { user }),
		a(Sessions, { user }),
		a(Events, { email: user.email }),
		action && a(UserAction, {
			email: user.email,
			action,
			onDone: finish,
			onClose: () => setAction(void 0)
		})
	] });
}
const Facts$1 = ({ user }) => a("section", {
	class: "panel",
	children: [a("h2", { children: "Account" }), a("dl", { children: [
		a("dt", { children: "Status" }),
		a("dd", { children: a(Status, { user }) }),
		a("dt", { children: "Role" }),
		a("dd", { children: a(Role, { role: user.role }) }),
		a("dt", { children: "Password" }),
		a("dd", { children: user.hasPassword ? "set" : "none: signs in with codes" }),
		a("dt", { children: "Second factor" }),
		a("dd", { children: user.hasFactor ? "enrolled" : "none" }),
		a("dt", { children: "Created" }),
		a("dd", { children: dayText(user.createdAt) }),
		a("dt", { children: "Last sign-in" }),
		a("dd", { children: user.lastLoginAt ? a(Moment, { at: user.lastLoginAt }) : "never" }),
		user.disabledAt && a($, { children: [a("dt", { children: "Disabled" }), a("dd", { children: a(Moment, { at: user.disabledAt }) })] }),
		a("dt", { children: "Audit events" }),
		a("dd", { children: user.counts.auditEvents.toLocaleString() }),
		a("dt", { children: "ID" }),
		a("dd", { children: [
			a("code", { children: user.id }),
			" ",
			a(Copy, { text: user.id })
		] }),
		Object.keys(user.metadata ?? {}).length > 0 && a($, { children: [a("dt", { children: "Metadata" }), a("dd", { children: a("pre", { children: JSON.stringify(user.metadata, null, 2) }) })] })
	] })]
});
function Locks({ user: { locks } }) {
	return a("section", { children: [
		a("h2", { children: "Locks" }),
		locks === null && a(Empty, { children: "Unknown while Redis is unavailable." }),
		locks?.length === 0 && a(Empty, { children: "No limit of this address is used up." }),
		locks && locks.length > 0 && a("div", {
			class: "table",
			children: a("table", { children: [a("thead", { children: a("tr", { children: [
				a("th", {
					scope: "col",
					children: "Limit"
				}),
				a("th", {
					scope: "col",
					children: "Applies to"
				}),
				a("th", {
					scope: "col",
					children: "Ends in"
				})
			] }) }), a("tbody", { children: locks.map(({ limit, subject, unlockIn }) => a("tr", { children: [
				a("td", { children: a("code", { children: limit }) }),
				a("td", { children: subject }),
				a("td", { children: duration(unlockIn) })
			] }, limit + subject)) })] })
		})
	] });
}
function Sessions({ user: { sessions } }) {
	return a("section", { children: [a("h2", { children: "Sessions" }), sessions.length === 0 ? a(Empty, { children: "No active session." }) : a("div", {
		class: "table",
		children: a("table", { children: [a("thead", { children: a("tr", { children: [
			a("th", {
				scope: "col",
				children: "Device"
			}),
			a("th", {
				scope: "col",
				class: "wide",
				children: "Started"
			}),
			a("th", {
				scope: "col",
				children: "Last used"
			})
		] }) }), a("tbody", { children: sessions.map((session) => a("tr", { children: [
			a("td", {
				class: "main agent",
				title: session.userAgent,
				children: [session.userAgent || a("span", {
					class: "quiet",
					children: "Unknown device"
				}), a("small", { children: [
					session.ipAddress,
					" ",
					session.current && a(Badge, {
						tone: "accent",
						children: "this one"
					})
				] })]
			}),
			a("td", {
				class: "wide",
				children: a(Moment, { at: session.createdAt })
			}),
			a("td", { children: a(Moment, { at: session.lastUsedAt }) })
		] }, session.id)) })] })
	})] });
}
function Events({ email }) {
	const found = useLoad(email, () => client.auditLogs({
		first: 10,
		filter: { email }
	}));
	const rows = found.data?.edges.map(({ node }) => node);
	return a("section", { children: [
		a("h2", { children: "Recent events" }),
		found.error && a(Failure, {
			error: found.error,
			retry: found.reload
		}),
		!rows && !found.error && a(Loading, {}),
		rows?.length === 0 && a(Empty, { children: "No event of this address." }),
		rows && rows.length > 0 && a($, { children: [a(EventTable, {
			rows,
			isBusy: found.isLoading
		}), a("p", {
			class: "more",
			children: a("a", {
				href: linkTo("audit", { email }),
				children: "All events of this address"
			})
		})] })
	] });
}
// console/src/deliveries.tsx
const tones = {
	PENDING: "warn",
	DELIVERED: "good",
	FAILED: "bad"
};
function Deliveries({ webhookId, status }) {
	const [repeated, setRepeated] = d();
	const list = usePages(webhookId + status, (after) => client.webhookDeliveries({
		webhookId,
		first: 25,
		...status && { status },
		...after && { after }
	}));
	return a("section", { children: [
		a("h2", { children: "Deliveries" }),
		a("div", {
			class: "filters",
			children: a(Select, {
				label: "Status",
				value: status,
				options: [
					["", "Any status"],
					["PENDING", "Pending"],
					["DELIVERED", "Delivered"],
					["FAILED", "Failed (dead letters)"]
				],
				onChange: (value) => replaceRoute(linkTo(`webhooks/${webhookId}`, { status: value }))
			})
		}),
		list.error && a(Failure, {
			error: list.error,
			retry: list.reload
		}),
		!list.rows && list.isLoading && a(Loading, {}),
		list.rows?.length === 0 && a(Empty, { children: "No delivery matches." }),
		list.rows && list.rows.length > 0 && a(Table$1, {
			rows: list.rows,
			repeat: setRepeated
		}),
		a(More, {
			has: list.hasMore,
			busy: list.isLoading,
			more: list.more
		}),
		repeated && a(Confirm, {
			title: "Send this message again?",
			action: "Send again",
			run: () => client.redeliver({ id: repeated.id }),
			onDone: () => {
				setRepeated(void 0);
				list.reload();
			},
			onClose: () => setRepeated(void 0),
			children: a("p", { children: [
				"The receiver gets ",
				a("code", { children: repeated.type }),
				" with the same ",
				a("code", { children: "webhook-id" }),
				"."
			] })
		})
	] });
}
const Table$1 = ({ rows, repeat }) => a("div", {
	class: "table",
	children: a("table", { children: [a("thead", { children: a("tr", { children: [
		a("th", {
			scope: "col",
			children: "Message"
		}),
		a("th", {
			scope: "col",
			children: "Status"
		}),
		a("th", {
			scope: "col",
			class: "wide number",
			children: "Attempts"
		}),
		a("th", {
			scope: "col",
			class: "wide",
			children: "Created"
		}),
		a("th", {
			scope: "col",
			children: a("span", {
				class: "hidden",
				children: "Actions"
			})
		})
	] }) }), a("tbody", { children: rows.map((delivery) => a("tr", { children: [
		a("td", {
			class: "main",
			title: delivery.messageId,
			children: [delivery.type, delivery.lastError && a("small", { children: delivery.lastError })]
		}),
		a("td", { children: a(Badge, {
			tone: tones[delivery.status],
			children: delivery.status.toLowerCase()
		}) }),
		a("td", {
			class: "wide number",
			children: delivery.attempts
		}),
		a("td", {
			class: "wide",
			children: a(Moment, { at: delivery.createdAt })
		}),
		a("td", {
			class: "end",
			children: delivery.status !== "PENDING" && a("button", {
				type: "button",
				class: "link",
				onClick: () => repeat(delivery),
				children: ["Send again", a("span", {
					class: "hidden",
					children: [" ", delivery.type]
				})]
			})
		})
	] }, delivery.id)) })] })
});
// console/src/webhooks.tsx
function Webhooks() {
	const found = useLoad("", () => client.webhooks());
	const { data: webhooks, error } = found;
	return a($, { children: [
		a(Heading, {
			title: "Webhooks",
			lead: a($, { children: [
				"They receive events by HTTP. Create one with ",
				a("code", { children: "npx gatehouse webhooks create" }),
				"."
			] })
		}),
		error && a(Failure, {
			error,
			retry: found.reload
		}),
		!webhooks && !error && a(Loading, {}),
		webhooks?.length === 0 && a(Empty, { children: "There is no webhook." }),
		webhooks && webhooks.length > 0 && a(Table, { webhooks })
	] });
}
const Table = ({ webhooks }) => a("div", {
	class: "table",
	children: a("table", { children: [a("thead", { children: a("tr", { children: [
		a("th", {
			scope: "col",
			children: "Receiver"
		}),
		a("th", {
			scope: "col",
			children: "State"
		}),
		a("th", {
			scope: "col",
			class: "wide number",
			children: "Types"
		}),
		a("th", {
			scope: "col",
			class: "wide",
			children: "Created"
		})
	] }) }), a("tbody", { children: webhooks.map((webhook) => a("tr", { children: [
		a("td", {
			class: "main",
			children: [a("a", {
				href: linkTo(`webhooks/${webhook.id}`),
				children: hostOf(webhook)
			}), webhook.description && a("small", { children: webhook.description })]
		}),
		a("td", { children: a(WebhookState, { webhook }) }),
		a("td", {
			class: "wide number",
			children: webhook.events.length
		}),
		a("td", {
			class: "wide",
			children: dayText(webhook.createdAt)
		})
	] }, webhook.id)) })] })
});
const hostOf = ({ url }) => new URL(url).host;
function WebhookState({ webhook }) {
	const { disabledAt, failingSince } = webhook;
	if (disabledAt) return a(Badge, {
		tone: "bad",
		children: "off"
	});
	return failingSince ? a(Badge, {
		tone: "warn",
		children: "failing"
	}) : a(Badge, {
		tone: "good",
		children: "on"
	});
}
// console/src/webhook-page.tsx
function WebhookPage({ id, params }) {
	const found = useLoad(id, () => client.webhooks());
	const [action, setAction] = d();
	const webhook = found.data?.find((each) => each.id === id);
	if (!webhook) return a($, { children: [
		a(Heading, { title: "Webhook" }),
		found.error && a(Failure, {
			error: found.error,
			retry: found.reload
		}),
		!found.error && (found.data ? a("p", { children: "This webhook does not exist." }) : a(Loading, {}))
	] });
	const finish = () => {
		setAction(void 0);
		if (action?.name === "Delete") location.hash = linkTo("webhooks");
		else found.reload();
	};
	return a($, { children: [
		a("p", {
			class: "back",
			children: a("a", {
				href: linkTo("webhooks"),
				children: "Webhooks"
			})
		}),
		a(Heading, {
			title: hostOf(webhook),
			lead: webhook.description,
			children: actionsFor(webhook).map((each) => a("button", {
				type: "button",
				class: each.name === "Delete" ? "danger" : "",
				onClick: () => setAction(each),
				children: each.name
			}, each.name))
		}),
		a(Facts, { webhook }),
		a(Deliveries, {
			webhookId: id,
			status: params.status ?? ""
		}),
		action && a(Confirm, {
			title: `${action.name}?`,
			action: action.name,
			isDangerous: action.name !== "Switch on",
			run: action.run,
			onDone: finish,
			onClose: () => setAction(void 0),
			children: a("p", { children: action.text })
		})
	] });
}
function actionsFor({ id, disabledAt }) {
	return [disabledAt ? {
		name: "Switch on",
		text: "Messages that wait are sent at once. Events from the time when it was off are not sent.",
		run: () => client.updateWebhook({
			id,
			enabled: true
		})
	} : {
		name: "Switch off",
		text: "It gets no messages until you switch it on. It misses the events until then.",
		run: () => client.updateWebhook({
			id,
			enabled: false
		})
	}, {
		name: "Delete",
		text: "This deletes the secret and all deliveries, and cannot be undone.",
		run: () => client.deleteWebhook({ id })
	}];
}
const Facts = ({ webhook }) => a("section", {
	class: "panel",
	children: a("dl", { children: [
		a("dt", { children: "State" }),
		a("dd", { children: a(WebhookState, { webhook }) }),
		webhook.failingSince && a($, { children: [a("dt", { children: "Failing since" }), a("dd", { children: a(Moment, { at: webhook.failingSince }) })] }),
		a("dt", { children: "URL" }),
		a("dd", { children: a("code", { children: webhook.url }) }),
		a("dt", { children: "Types" }),
		a("dd", { children: webhook.events.join(", ") }),
		a("dt", { children: "Created" }),
		a("dd", { children: dayText(webhook.createdAt) }),
		a("dt", { children: "ID" }),
		a("dd", { children: [
			a("code", { children: webhook.id }),
			" ",
			a(Copy, { text: webhook.id })
		] })
	] })
});
// console/src/main.tsx
const sections = [
	{
		name: "",
		title: "Overview",
		show: ({ params }) => a(Overview, { params })
	},
	{
		name: "users",
		title: "Users",
		show: ({ id, params }) => id ? a(UserPage, { id }, id) : a(Users, { params })
	},
	{
		name: "audit",
		title: "Audit log",
		show: ({ params }) => a(AuditLog, { params })
	},
	{
		name: "live",
		title: "Live",
		show: () => a(Live, {})
	},
	{
		name: "outbox",
		title: "Outbox",
		show: () => a(Outbox, {})
	},
	{
		name: "signing-keys",
		title: "Signing keys",
		show: () => a(SigningKeys, {})
	},
	{
		name: "api-keys",
		title: "API keys",
		show: () => a(ApiKeys, {})
	},
	{
		name: "webhooks",
		title: "Webhooks",
		show: ({ id, params }) => id ? a(WebhookPage, {
			id,
			params
		}, id) : a(Webhooks, {})
	}
];
function Console() {
	const { status, user } = useStore(client.onAuthStateChange, client.getState);
	const mustEnroll = useStore(onFactorRequired, isFactorRequired);
	A(() => {
		setFactorRequired(false);
		if (status === "signed-in") client.me();
	}, [status, user?.id]);
	if (status === "loading") return a(Loading, {});
	if (status === "signed-out") return a(SignIn, {});
	if (user.role !== "ADMIN") return a(NotAllowed, { email: user.email });
	return a($, { children: [mustEnroll ? a(Enrolment, {}) : a(Shell, { email: user.email }), a(StepUp, {})] });
}
const LogOut = () => a("button", {
	type: "button",
	onClick: () => void client.logout(),
	children: "Log out"
});
const NotAllowed = ({ email }) => a("main", {
	class: "card",
	children: [
		a("h1", { children: "No access" }),
		a("p", { children: [
			"The console is for administrators. ",
			a("strong", { children: email }),
			" is not one."
		] }),
		a("p", {
			class: "quiet",
			children: "Ask an administrator to change your role, or sign in with another account."
		}),
		a(LogOut, {})
	]
});
function Shell({ email }) {
	const route = useRoute();
	return a("div", {
		class: "shell",
		children: [a("aside", { children: [a("nav", {
			"aria-label": "Console",
			children: sections.map(({ name, title }) => a("a", {
				href: linkTo(name),
				"aria-current": name === route.section ? "page" : void 0,
				children: title
			}, name))
		}), a("div", {
			class: "account",
			children: [a("span", {
				title: email,
				children: email
			}), a(LogOut, {})]
		})] }), a("main", { children: a(Content, { ...route }) })]
	});
}
function Content(route) {
	const section = sections.find(({ name }) => name === route.section);
	if (section) return section.show(route);
	return a($, { children: [a(Heading, { title: "Not found" }), a(Empty, { children: "This section does not exist." })] });
}
const root = document.querySelector("#console");
if (root) {
	root.replaceChildren();
	Q(a(Console, {}), root);
}
