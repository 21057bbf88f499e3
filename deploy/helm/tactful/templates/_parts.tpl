{{- define "tactful.labels" -}}
app.kubernetes.io/name: tactful
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}

{{- define "tactful.selector" -}}
app.kubernetes.io/name: tactful
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "tactful.tag" -}}
{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "tactful.pod" -}}
automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "tactful.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{- /* The addresses of every engine, and of every door's actions: each pod by its own name. */}}
{{- define "tactful.engines" -}}
{{- $name := .Release.Name -}}
{{- range $i := until (int .Values.engine.replicas) }}{{ if $i }},{{ end }}http://{{ $name }}-engine-{{ $i }}.{{ $name }}-engine:8381{{ end -}}
{{- end }}

{{- define "tactful.actions" -}}
{{- $name := .Release.Name -}}
{{- range $i := until (int .Values.door.replicas) }}{{ if $i }},{{ end }}http://{{ $name }}-door-{{ $i }}.{{ $name }}-doors:8382{{ end -}}
{{- end }}

{{- define "tactful.doorSettings" -}}
- {name: DATABASE_URL_FILE, value: /run/secrets/tactful/database_url}
- {name: TACTFUL_TRACKER_URL_FILE, value: /run/secrets/tactful/tracker_url}
- {name: TACTFUL_MASTER_KEY_FILE, value: /run/secrets/tactful/master_key}
- {name: TACTFUL_ENGINE_SECRET_FILE, value: /run/secrets/tactful/engine_secret}
- {name: TACTFUL_ACTIONS_SECRET_FILE, value: /run/secrets/tactful/actions_secret}
- {name: TACTFUL_ENGINE_URLS, value: {{ include "tactful.engines" . | quote }}}
- {name: TACTFUL_TOMBSTONES, value: /shared/tombstones}
- {name: TACTFUL_AUDIT_ANCHOR_COPY, value: /shared/audit.anchor}
- {name: TACTFUL_PUBLIC_URL, value: {{ .Values.publicUrl | quote }}}
- {name: TACTFUL_TRUSTED_PROXIES, value: {{ .Values.trustedProxies | quote }}}
- {name: TACTFUL_LEAVE_S, value: {{ .Values.door.leaveSeconds | quote }}}
{{- range $name, $value := .Values.door.settings }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}
